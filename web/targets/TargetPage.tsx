import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import type { CaptureSummary, FindingSummary } from '../../api/index.ts'
import { captureTimeMs } from '../captures/capture-time.ts'
import { CaptureTable } from '../captures/CaptureTable.tsx'
import { formatKubernetesVersion, formatVersion } from '../format/format-version.ts'
import { FindingRow } from '../inbox/FindingRow.tsx'
import { capturesQuery } from '../requests/capture-queries.ts'
import { worstFindingsQuery } from '../requests/finding-queries.ts'
import { targetsQuery } from '../requests/target-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ChangeParams } from '../view-state/use-list-filter.ts'
import { readTimes } from '../view-state/time-params.ts'
import { PagedList } from '../lists/PagedList.tsx'
import { Message } from '../ui/Message.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { CaptureNowDialog } from './CaptureNowDialog.tsx'
import classes from './TargetPage.module.css'
import { spanOf } from './target-trends.ts'
import { TargetTimeline } from './TargetTimeline.tsx'

const NO_FINDINGS: readonly FindingSummary[] = []

/** One target: its captures over time, its findings open and resolved, and what to compare. */
export function TargetPage() {
  const { texts, language } = useLanguage()
  const { name } = useParams({ from: '/targets/$name' })
  const { data: targets } = useQuery(targetsQuery())
  const target = targets?.items.find((one) => one.name === name) ?? null
  const params: SearchParams = useSearch({ from: '/targets/$name' })
  const navigate = useNavigate()
  const [nowMs] = useState(() => Date.now())
  const times = useMemo(() => readTimes(params, nowMs), [params, nowMs])
  const captures = useInfiniteQuery(capturesQuery({ target: name, limit: '200', ...times }))
  const pages = captures.data?.pages
  // The list is in the order of arrival; uploads may be of any time.
  const shown = useMemo(
    () =>
      pages?.flatMap(({ items }) => items).toSorted((a, b) => captureTimeMs(b) - captureTimeMs(a)),
    [pages],
  )
  const span = useMemo(() => spanOf(params, shown ?? [], nowMs), [params, shown, nowMs])
  const change = useCallback<ChangeParams>(
    (search, options) => {
      const replace = options?.replaces === true
      void navigate({ to: '/targets/$name', params: { name }, search, replace, resetScroll: false })
    },
    [navigate, name],
  )
  const findings = useQuery(worstFindingsQuery({ target: [name] }, language))
  const canOperate = useCanOperate()
  const [isCapturing, setIsCapturing] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const isKnown = target !== null || shown?.length !== 0 || findings.data?.items.length !== 0
  if (targets !== undefined && !isKnown && Object.keys(params).length === 0) {
    return (
      <Message title={texts.targetUnknownTitle}>
        <p className="muted">{texts.targetUnknownLead}</p>
        <Link to="/targets">{texts.targetsTitle}</Link>
      </Message>
    )
  }
  return (
    <div className={`page ${classes['page']}`}>
      <PageHeader title={name} kind={target?.kind ?? null} facts={factsOf(shown, target?.cluster)}>
        {canOperate && target !== null && (
          <Button size="compact-md" onClick={() => setIsCapturing(true)}>
            {texts.captureNow}
          </Button>
        )}
      </PageHeader>
      {shown !== undefined && (shown.length > 0 || times.from !== undefined) && (
        <TargetTimeline
          key={name}
          name={name}
          captures={shown}
          findings={findings.data?.items ?? NO_FINDINGS}
          span={span}
          params={params}
          onChange={change}
          onChoose={setChosen}
        />
      )}
      {findings.error !== null && (
        <RequestFailure
          title={texts.findingsFailed}
          error={findings.error}
          onRetry={() => void findings.refetch()}
        />
      )}
      {findings.isPending && <Skeleton height={120} radius="md" />}
      {findings.data !== undefined && (
        <TargetFindings findings={findings.data.items} canOperate={canOperate} />
      )}
      <section aria-labelledby="captures" className={classes['section']}>
        <h2 id="captures" className={classes['heading']}>
          {texts.capturesTitle}
        </h2>
        <PagedList
          query={captures}
          rows={shown}
          skeletonPx={180}
          failed={texts.capturesFailed}
          more={texts.capturesMore}
          empty={<p className="muted">{texts.targetNoCaptures}</p>}
        >
          {(all) => (
            <CaptureTable captures={all} order="taken" chosen={chosen} onChoose={setChosen} />
          )}
        </PagedList>
      </section>
      {isCapturing && (
        <CaptureNowDialog target={name} instance={null} onClose={() => setIsCapturing(false)} />
      )}
    </div>
  )
}

/** The cluster, and the versions of the newest capture. */
function factsOf(
  captures: readonly CaptureSummary[] | undefined,
  cluster: string | null | undefined,
): readonly string[] {
  const newest = captures?.find(({ kubernetesVersion }) => kubernetesVersion !== null)
  const facts = [
    cluster ?? newest?.cluster ?? null,
    newest?.kubernetesVersion == null
      ? null
      : formatKubernetesVersion(newest.component, newest.kubernetesVersion),
    newest?.goVersion == null ? null : formatVersion('Go', newest.goVersion),
  ]
  return facts.filter((fact) => fact !== null)
}

interface TargetFindingsProps {
  readonly findings: readonly FindingSummary[]
  readonly canOperate: boolean
}

function TargetFindings({ findings, canOperate }: TargetFindingsProps) {
  const texts = useTexts()
  const open = findings.filter(({ state }) => state !== 'resolved')
  const resolved = findings.filter(({ state }) => state === 'resolved')
  return (
    <section aria-labelledby="findings" className={classes['section']}>
      <h2 id="findings" className={classes['heading']}>
        {texts.inboxTitle}
      </h2>
      {open.length === 0 && <p className="muted">{texts.fleetQuiet}</p>}
      {open.length > 0 && (
        <ul className={`card ${rows['list']}`}>
          {open.map((finding) => (
            <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
          ))}
        </ul>
      )}
      {resolved.length > 0 && (
        <details className={classes['resolved']}>
          <summary>{texts.findingsResolved(resolved.length)}</summary>
          <ul className={`card ${rows['list']}`}>
            {resolved.map((finding) => (
              <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
