import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FindingSummary } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { worstFindingsQuery } from '../requests/finding-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import rows from '../lists/Rows.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './NewFindings.module.css'

const DAY_MS = 24 * 3_600_000
const ROWS_MAX = 6

/** What opened, or came back, in the last 24 hours and is not resolved. */
export function NewFindings() {
  const { texts, language } = useLanguage()
  const [since] = useState(() => new Date(Date.now() - DAY_MS).toISOString())
  const { data } = useQuery(worstFindingsQuery({ state: ['open'], since: [since] }, language))
  if (data === undefined) return null
  const more = data.items.length - ROWS_MAX
  return (
    <section aria-labelledby="new">
      <h2 id="new" className={classes['heading']}>
        {texts.fleetNew}
      </h2>
      {data.items.length === 0 && <p className="muted">{texts.fleetNewNone}</p>}
      {data.items.length > 0 && (
        <ul className={`card ${rows['list']}`}>
          {data.items.slice(0, ROWS_MAX).map((finding) => (
            <NewRow key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className={classes['more']}>
          <Link to="/findings">{texts.fleetMore(more)}</Link>
        </p>
      )}
    </section>
  )
}

function NewRow({ finding }: { readonly finding: FindingSummary }) {
  const { cluster, component, target, instance, title, level, openedAt, latest } = finding
  const place = [cluster, target ?? component, instance].filter((part) => part !== null)
  const words = (
    <>
      <span className={classes['what']}>
        <LevelMark level={level} />
        <span>
          <UntrustedText text={title} />
        </span>
      </span>
      <span className={classes['where']}>
        <UntrustedText text={[...new Set(place)].join(' · ')} />
        <TimeAgo time={openedAt} key={openedAt} />
      </span>
    </>
  )
  const className = `${rows['row']} ${classes['row']}`
  const { captureId, profileId } = latest
  return (
    <li>
      {captureId !== null ? (
        <Link to="/captures/$id" params={{ id: captureId }} className={className}>
          {words}
        </Link>
      ) : profileId !== null ? (
        <Link to="/profiles/$id" params={{ id: profileId }} className={className}>
          {words}
        </Link>
      ) : (
        <span className={className}>{words}</span>
      )}
    </li>
  )
}
