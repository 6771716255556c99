import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useMemo } from 'react'
import { type ComparedPer, formatShare, type ProfileDiff } from '../../profile/index.ts'
import { FlameChart } from '../flame/FlameChart.tsx'
import { type FlameHighlight, WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { FlamePath } from '../flame-view/FlamePath.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { CompareRequest, DrawnFrame } from '../view-worker/view-messages.ts'
import classes from './ComparePage.module.css'
import { formatCompared, formatDifference } from '../format/format-change.ts'
import type { CompareChoice } from './use-compare-choice.ts'

const NOTHING_FOUND = { found: null, marked: new Set<string>(), subsystem: null }

type Side = CompareRequest['side']

interface CompareFlamesProps {
  readonly client: ViewClient
  readonly choice: CompareChoice
  readonly per: ComparedPer
  readonly change: (changes: Partial<CompareChoice>) => void
  /** The name of the function whose numbers are shown; `''` for none. */
  readonly selected: string
  readonly onSelect: (frame: DrawnFrame) => void
}

/** The flame graph of the difference, and those of both profiles next to each other, at the same zoom. */
export function CompareFlames(props: CompareFlamesProps) {
  const { shown } = props.choice
  const isAll = shown === 'all'
  const sides: readonly Side[] = isAll ? ['both', 'before', 'after'] : [shown]
  return (
    <div className={classes['flames']} data-all={isAll}>
      {sides.map((side) => (
        <CompareFlame key={side} {...props} side={side} isTitled={isAll} />
      ))}
    </div>
  )
}

function CompareFlame(
  props: CompareFlamesProps & { readonly side: Side; readonly isTitled: boolean },
) {
  const { client, choice, per, change, side, isTitled, selected, onSelect } = props
  const texts = useTexts()
  const { ref, width } = useElementSize()
  const widthPx = Math.floor(width)
  const { sampleType, zoom } = choice
  const { data } = useWorkerAnswer(
    client,
    ['compare', sampleType, per, zoom, side, widthPx],
    () => client.compare({ sampleType, per, zoom, side, widthPx, hidesChain: true }),
    widthPx > 0,
  )
  const on = useMemo(
    () => ({
      onPoint: (frame: DrawnFrame | null) => {
        if (frame !== null) onSelect(frame)
      },
      onSelect,
      onZoom: ({ key }: DrawnFrame) => change({ zoom: key }),
      onMenu: onSelect,
      onRange: () => {},
    }),
    [change, onSelect],
  )
  const highlight = useMemo<FlameHighlight>(() => ({ ...NOTHING_FOUND, selected }), [selected])
  const answer = data?.failure === null ? data : null
  return (
    <section className={classes['flame']} data-side={side} aria-label={texts.compareSides[side]}>
      {isTitled && <h2 className={classes['label']}>{texts.compareSides[side]}</h2>}
      {(side === 'both' || !isTitled) && (
        <div className={classes['path']}>
          <FlamePath
            reply={answer?.flame ?? null}
            widthPx={widthPx}
            onZoom={(key) => change({ zoom: key })}
          />
        </div>
      )}
      <div className={classes['chart']}>
        <div ref={ref} />
        {answer === null ? (
          <Skeleton height={200} radius="sm" />
        ) : (
          <FlameChart
            reply={answer.flame}
            range={WHOLE_RANGE}
            widthPx={widthPx}
            direction="icicle"
            colour="subsystem"
            highlight={highlight}
            revealed=""
            onHidden={(key) => change({ zoom: key })}
            amountOf={(frame) => amountOf(frame, answer.diff, texts)}
            on={on}
          />
        )}
      </div>
    </section>
  )
}

/** `0.1 cores → 0.9 cores, +0.8 cores (800%), grew`. */
export function amountOf({ change, cum }: DrawnFrame, diff: ProfileDiff, texts: Texts): string {
  const format = (value: number) => formatCompared(value, diff, texts)
  if (change === undefined) return format(cum)
  const { before, after, kind } = change
  const share = before === 0 ? '' : ` (${formatShare((after - before) / before)})`
  const difference = formatDifference(after - before, format)
  return `${format(before)} → ${format(after)}, ${difference}${share}, ${texts.compareStatus[kind]}`
}
