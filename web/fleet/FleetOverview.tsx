import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { FindingSummary, TargetSummary } from '../../api/index.ts'
import { worstFindingsQuery } from '../requests/finding-queries.ts'
import { targetsQuery } from '../requests/target-queries.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { ServerTroubles } from '../ui/ServerTroubles.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { FleetClusterCard } from './FleetClusterCard.tsx'
import { fleetOf } from './fleet-of.ts'
import classes from './FleetOverview.module.css'
import { NewFindings } from './NewFindings.tsx'
import { CollectionState } from './CollectionState.tsx'

export interface Fleet {
  readonly findings: readonly FindingSummary[]
  readonly targets: readonly TargetSummary[]
  /** True when there are more open findings than were loaded. */
  readonly isCut: boolean
  readonly error: Error | null
  /** Loads again what could not be loaded. */
  readonly retry: () => void
}

/** What is open, and what is captured; `undefined` while it is being loaded for the first time. */
export function useFleet(): Fleet | undefined {
  const { language } = useLanguage()
  const open = useQuery(worstFindingsQuery({ state: ['open'] }, language))
  const targets = useQuery(targetsQuery())
  const error = open.error ?? targets.error
  if (error === null && (open.data === undefined || targets.data === undefined)) return undefined
  return {
    findings: open.data?.items ?? [],
    targets: targets.data?.items ?? [],
    isCut: (open.data?.nextCursor ?? null) !== null,
    error,
    retry: () => {
      if (open.error !== null) void open.refetch()
      if (targets.error !== null) void targets.refetch()
    },
  }
}

/** Clusters and components by their worst open finding, and the state of collection. */
export function FleetOverview({ fleet }: { readonly fleet: Fleet }) {
  const texts = useTexts()
  const { findings, targets, isCut, error, retry } = fleet
  const processes = targets
    .flatMap((target) => target.processes)
    .filter(({ state }) => state !== 'gone')
  const clusters = fleetOf(findings, processes)
  const named = new Set(processes.flatMap(({ cluster }) => cluster ?? [])).size
  return (
    <div className={classes['columns']}>
      <section className={classes['clusters']} aria-labelledby="fleet">
        <h1 id="fleet" className="page-title">
          {texts.fleetTitle}
          {processes.length > 0 && (
            <span className={classes['lead']}>
              {named === 0
                ? texts.fleetProcesses(processes.length)
                : texts.fleetLead(named, processes.length)}
            </span>
          )}
        </h1>
        {error !== null && (
          <RequestFailure title={texts.fleetFailed} error={error} onRetry={retry} />
        )}
        {clusters.map((cluster) => (
          <FleetClusterCard key={cluster.name ?? ''} cluster={cluster} />
        ))}
        <Acknowledged />
        {isCut && (
          <p className="muted">
            <UntrustedText text={texts.fleetTruncated(findings.length)} />
          </p>
        )}
      </section>
      <aside className={classes['aside']}>
        <ServerTroubles />
        <NewFindings />
        <CollectionState targets={targets} />
      </aside>
    </div>
  )
}

/** How many findings somebody looks after, which are not among those shown. */
function Acknowledged() {
  const { texts, language } = useLanguage()
  const { data } = useQuery(worstFindingsQuery({ state: ['acknowledged'] }, language))
  if (data === undefined || data.items.length === 0) return null
  return (
    <p>
      <Link to="/findings" search={{ state: 'acknowledged' }}>
        {texts.fleetAcknowledged(data.items.length)}
      </Link>
    </p>
  )
}
