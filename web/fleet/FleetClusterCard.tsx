import { Link } from '@tanstack/react-router'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { formatListParam } from '../view-state/list-param.ts'
import type { FleetCluster, FleetGroup } from './fleet-of.ts'
import classes from './FleetClusterCard.module.css'

const TITLES_MAX = 2

/** A cluster: one row for each component. */
export function FleetClusterCard({ cluster }: { readonly cluster: FleetCluster }) {
  const texts = useTexts()
  const name = cluster.name ?? texts.fleetNoCluster
  return (
    <section className={`card ${classes['card']}`} aria-label={name}>
      <h2 className={classes['name']}>
        <UntrustedText text={name} />
      </h2>
      <ul className={classes['rows']}>
        {cluster.groups.map((group) => (
          <GroupRow key={group.component ?? ''} group={group} />
        ))}
      </ul>
    </section>
  )
}

function GroupRow({ group }: { readonly group: FleetGroup }) {
  const texts = useTexts()
  const { cluster, component, findings, processes, lastCaptureAt } = group
  const search = {
    cluster: formatListParam([cluster ?? '']) ?? '',
    component: formatListParam([component ?? '']) ?? '',
  }
  return (
    <li className={classes['row']}>
      <p className={classes['component']}>
        <Link to="/findings" search={search}>
          <UntrustedText text={component ?? texts.fleetComponentUnknown} />
        </Link>
        {group.targets.map((target) => (
          <Link
            key={target}
            to="/targets/$name"
            params={{ name: target }}
            className={classes['target']}
          >
            <UntrustedText text={target} />
          </Link>
        ))}
      </p>
      <Verdict group={group} />
      <p className={`numbers ${classes['facts']}`}>
        {findings.length > 0 && <span>{texts.fleetOpen(findings.length)}</span>}
        {processes.length > 0 && <span>{texts.fleetProcesses(processes.length)}</span>}
        {lastCaptureAt !== null && <TimeAgo time={lastCaptureAt} key={lastCaptureAt} />}
      </p>
    </li>
  )
}

/** The worst findings. A component without any says so only when something of it was judged. */
function Verdict({ group: { findings, processes, isJudged } }: { readonly group: FleetGroup }) {
  const texts = useTexts()
  const failingCount = processes.filter(
    ({ state }) => state === 'failing' || state === 'troubled',
  ).length
  const titles = [...Map.groupBy(findings, ({ level, title }) => `${level} ${title}`).values()]
  return (
    <div className={classes['verdict']}>
      {titles.slice(0, TITLES_MAX).map(([finding, ...same]) =>
        finding === undefined ? null : (
          <p key={finding.id} className={classes['finding']}>
            <LevelMark level={finding.level} />
            <span>
              <UntrustedText text={finding.title} />
            </span>
            {same.length > 0 && <span className="muted numbers">×{same.length + 1}</span>}
          </p>
        ),
      )}
      {titles.length > TITLES_MAX && (
        <p className="muted">{texts.fleetMore(titles.length - TITLES_MAX)}</p>
      )}
      {failingCount > 0 && <p className={classes['failing']}>{texts.fleetFailing(failingCount)}</p>}
      {findings.length === 0 && failingCount === 0 && (
        <p className="muted">{isJudged ? texts.fleetQuiet : texts.fleetNotJudged}</p>
      )}
    </div>
  )
}
