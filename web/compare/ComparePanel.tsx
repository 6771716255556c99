import { Button, NativeSelect, SegmentedControl, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, useMemo, useState } from 'react'
import { formatShare, type ProfileDiff } from '../../profile/index.ts'
import { FlameChart } from '../flame/FlameChart.tsx'
import { type FlameHighlight, WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { FlamePath } from '../flame-view/FlamePath.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { CompareAnswer, CompareRequest, DrawnFrame } from '../view-worker/view-messages.ts'
import classes from './ComparePage.module.css'
import { ChangeTable } from './ChangeTable.tsx'
import { CompareSentence } from './CompareSentence.tsx'
import { formatCompared, formatDifference } from './format-change.ts'

const NO_HIGHLIGHT: FlameHighlight = {
  found: null,
  marked: new Set(),
  selected: '',
  subsystem: null,
}
const SIDES = ['both', 'before', 'after'] as const

interface ComparePanelProps {
  readonly client: ViewClient
  /** Shown below the sentence. */
  readonly children: ReactNode
}

/** The comparison in one sentence, as a flame graph, and by function. */
export function ComparePanel({ client, children }: ComparePanelProps) {
  const texts = useTexts()
  const { ref, width } = useElementSize()
  const widthPx = Math.floor(width)
  const [choice, setChoice] = useState<Omit<CompareRequest, 'widthPx'>>({
    sampleType: '',
    isAbsolute: false,
    side: 'both',
    zoom: '',
    hidesChain: true,
  })
  const change = (changes: Partial<typeof choice>) => setChoice((last) => ({ ...last, ...changes }))
  const { data, error } = useWorkerAnswer(
    client,
    ['compare', choice, widthPx],
    () => client.compare({ ...choice, widthPx }),
    widthPx > 0,
  )
  return (
    <section className={`card ${classes['panel']}`} aria-label={texts.compareTitle}>
      <div ref={ref} />
      {data === undefined && error === null && <Skeleton height={420} radius="sm" />}
      {error !== null && <p role="alert">{error.message}</p>}
      {data !== undefined && data.failure !== null && (
        <p role="alert">
          <strong>{texts.compareFailed}.</strong> {data.failure}
        </p>
      )}
      {data !== undefined && data.failure === null && (
        <>
          <CompareSentence diff={data.diff} subsystems={data.subsystems} />
          {children}
          <Controls client={client} choice={choice} change={change} diff={data.diff} />
          {choice.side === 'both' && <p className={classes['legend']}>{texts.compareLegend}</p>}
          <div className={classes['path']}>
            <FlamePath reply={data.flame} onZoom={(zoom) => change({ zoom })} />
          </div>
          <CompareChart data={data} widthPx={widthPx} onZoom={(zoom) => change({ zoom })} />
          <ChangeTable diff={data.diff} />
        </>
      )}
    </section>
  )
}

interface ControlsProps {
  readonly client: ViewClient
  readonly choice: Omit<CompareRequest, 'widthPx'>
  readonly change: (changes: Partial<Omit<CompareRequest, 'widthPx'>>) => void
  readonly diff: ProfileDiff
}

function Controls({ client, choice, change, diff }: ControlsProps) {
  const texts = useTexts()
  const { sampleTypes } = client.profile
  return (
    <div className={classes['bar']}>
      <SegmentedControl
        size="xs"
        aria-label={texts.compareTitle}
        value={choice.side}
        data={SIDES.map((value) => ({ value, label: texts.compareSides[value] }))}
        onChange={(chosen) =>
          change({ side: SIDES.find((known) => known === chosen) ?? 'both', zoom: '' })
        }
      />
      {sampleTypes.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={texts.sampleType}
          value={diff.sampleType.type}
          data={sampleTypes.map(({ type }) => type)}
          onChange={(event) => change({ sampleType: event.currentTarget.value, zoom: '' })}
        />
      )}
      {diff.kind === 'interval' && (
        <Button
          size="xs"
          variant="default"
          aria-pressed={choice.isAbsolute}
          onClick={() => change({ isAbsolute: !choice.isAbsolute })}
        >
          {texts.comparePer}: {choice.isAbsolute ? texts.compareAbsolute : texts.comparePerSecond}
        </Button>
      )}
    </div>
  )
}

interface CompareChartProps {
  readonly data: CompareAnswer & { readonly failure: null }
  readonly widthPx: number
  readonly onZoom: (key: string) => void
}

function CompareChart({ data, widthPx, onZoom }: CompareChartProps) {
  const texts = useTexts()
  const { diff, flame } = data
  const on = useMemo(
    () => ({
      onPoint: () => {},
      onSelect: () => {},
      onZoom: (frame: DrawnFrame) => onZoom(frame.key),
      onMenu: () => {},
      onRange: () => {},
    }),
    [onZoom],
  )
  const format = (value: number) => formatCompared(value, diff, texts.cores)
  const amountOf = ({ change, cum }: DrawnFrame) => {
    if (change === undefined) return format(cum)
    const { before, after, kind } = change
    const share = before === 0 ? '' : ` (${formatShare((after - before) / before)})`
    const difference = formatDifference(after - before, format)
    return `${format(before)} → ${format(after)}, ${difference}${share}, ${texts.compareStatus[kind]}`
  }
  return (
    <FlameChart
      reply={flame}
      range={WHOLE_RANGE}
      widthPx={widthPx}
      direction="icicle"
      colour="subsystem"
      highlight={NO_HIGHLIGHT}
      revealed=""
      onHidden={onZoom}
      amountOf={amountOf}
      on={on}
    />
  )
}
