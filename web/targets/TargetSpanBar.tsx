import { Link } from '@tanstack/react-router'
import type { CaptureSummary } from '../../api/index.ts'
import type { TimeSpan } from '../charts/chart.ts'
import { SpanBar } from '../charts/SpanBar.tsx'
import { timesOfComparison, timesOfSpan } from '../charts/span-times.ts'
import { useTexts } from '../texts/texts-context.ts'
import { selectorOf } from './target-trends.ts'

interface TargetSpanBarProps {
  readonly target: string
  readonly type: string
  readonly span: TimeSpan
  /** Its last and first capture. */
  readonly ends: readonly CaptureSummary[]
  readonly onEnd: () => void
}

/** A span of a target: as one profile, compared with the time before, or its first capture with its last. */
export function TargetSpanBar({ target, type, span, ends, onEnd }: TargetSpanBarProps) {
  const texts = useTexts()
  const profiles = { selector: selectorOf(target), ...(type === 'cpu' ? {} : { type }) }
  const [after, before] = ends
  return (
    <SpanBar span={span} onEnd={onEnd}>
      <Link to="/ranges" search={{ ...profiles, ...timesOfSpan(span) }}>
        {texts.timelineMerge}
      </Link>
      <Link to="/ranges" search={{ ...profiles, ...timesOfComparison(span) }}>
        {texts.rangeCompareBefore}
      </Link>
      {before !== undefined && after !== undefined && (
        <Link to="/compare" search={{ a: before.id, b: after.id, of: 'captures' }}>
          {texts.timelineCompareEnds}
        </Link>
      )}
    </SpanBar>
  )
}
