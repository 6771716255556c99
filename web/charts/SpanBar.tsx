import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatTime } from '../format/format-time.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import type { TimeSpan } from './chart.ts'
import { timesOfSpan } from './span-times.ts'
import classes from './SpanBar.module.css'

interface SpanBarProps {
  readonly span: TimeSpan
  readonly onEnd: () => void
  /** What can be done with it. */
  readonly children: ReactNode
}

/** A span that was drawn on a chart. */
export function SpanBar({ span, onEnd, children }: SpanBarProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { from, to } = timesOfSpan(span)
  return (
    <div className={classes['bar']} role="status">
      <span className="numbers">
        {formatTime(from, zone)} – {formatTime(to, zone)}
      </span>
      {children}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onEnd}>
        {texts.compareClear}
      </Button>
    </div>
  )
}
