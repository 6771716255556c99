import { UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatTime } from '../format/format-time.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { ChartMark } from './chart.ts'
import classes from './MarkList.module.css'

const SHOWN_MAX = 6

/** What happened, the newest first, as the chart draws it. */
export function MarkList({ marks }: { readonly marks: readonly ChartMark[] }) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const [isWhole, setIsWhole] = useState(false)
  if (marks.length === 0) return null
  const newest = marks.toReversed()
  const shown = isWhole ? newest : newest.slice(0, SHOWN_MAX)
  return (
    <ul className={classes['list']}>
      {shown.map((mark) => (
        <li key={keyOf(mark)} data-kind={mark.kind} className={classes['mark']}>
          <time className="numbers muted">
            {formatTime(new Date(mark.atMs).toISOString(), zone)}
          </time>{' '}
          <MarkText mark={mark} />
        </li>
      ))}
      {newest.length > shown.length && (
        <li>
          <UnstyledButton className={classes['more'] ?? ''} onClick={() => setIsWhole(true)}>
            {texts.facetMore(newest.length - shown.length)}
          </UnstyledButton>
        </li>
      )}
    </ul>
  )
}

function keyOf({ atMs, kind, text, link }: ChartMark): string {
  return `${atMs} ${kind} ${link?.id ?? ''} ${text}`
}

function MarkText({ mark: { text, link } }: { readonly mark: ChartMark }) {
  if (link === undefined) return <UntrustedText text={text} />
  const to = link.to === 'finding' ? '/findings/$id' : '/captures/$id'
  return (
    <Link to={to} params={{ id: link.id }}>
      <UntrustedText text={text} />
    </Link>
  )
}
