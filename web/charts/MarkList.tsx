import { UnstyledButton } from '@mantine/core'
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
      {shown.map(({ atMs, kind, text }) => (
        <li key={`${atMs} ${kind} ${text}`} data-kind={kind} className={classes['mark']}>
          <time className="numbers muted">{formatTime(new Date(atMs).toISOString(), zone)}</time>{' '}
          <UntrustedText text={text} />
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
