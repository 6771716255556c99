import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { RangeOutliersReply } from '../../api/index.ts'
import { formatSelector, parseSelector } from '../../api/ranges/selector.ts'
import { formatChartValue } from '../charts/format-chart-value.ts'
import { unitOfSeries } from '../charts/series-marks.ts'
import type { Column, SortOrder } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { byAmount, byText, sortRows } from '../data-table/sort-rows.ts'
import { rangeOutliersQuery } from '../requests/range-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import { heatCells, type HeatScale, hottestOf } from './heat-strip.ts'
import { HeatStrip } from './HeatStrip.tsx'
import classes from './RangeFleet.module.css'
import { rangeParams, type RangeState, stepSeconds } from './range-state.ts'

/** So few that most cells have a profile where one is taken every few minutes. */
const CELLS_MAX = 24

type FleetRow = RangeOutliersReply['rows'][number]

interface RangeFleetProps {
  readonly range: RangeState
  /** The function that is compared; `''` for the total. */
  readonly selected: string
  /** With the selector of one row. */
  readonly onSelector: (selector: string) => void
}

/** The same function side by side for each value of a label: which one differs from the others, and when. */
export function RangeFleet({ range, selected, onSelector }: RangeFleetProps) {
  const texts = useTexts()
  const [order, setOrder] = useState<SortOrder>({ column: 'distance', isReversed: false })
  const step = stepSeconds(range.fromMs, range.toMs, CELLS_MAX)
  const { data } = useQuery(
    rangeOutliersQuery({
      ...rangeParams(range),
      step: String(step),
      ...(selected === '' ? {} : { function: selected, sort: 'cum' }),
    }),
  )
  const { fromMs, toMs } = range
  const columns = useMemo(
    () => (data === undefined ? [] : columnsOf(data, { fromMs, toMs, stepMs: step * 1000 }, texts)),
    [data, fromMs, toMs, step, texts],
  )
  if (data === undefined || data.rows.length < 2) return null
  const format = formatOf(data, texts)
  const title = texts.rangeFleetTitle(
    selected === '' ? texts.rangeTotal : visibleText(shortFuncName(selected)),
    visibleText(data.by),
  )
  return (
    <section className={`card ${classes['fleet']}`} aria-label={title}>
      <h2 className={classes['heading']}>{title}</h2>
      <p className={`muted numbers ${classes['lead']}`}>
        {texts.rangeFleetLead(format(data.median), format(data.deviation))}
      </p>
      <DataTable
        label={title}
        columns={columns}
        rows={sortRows(data.rows, columns, order)}
        keyOf={({ label }) => label}
        order={order}
        onSort={setOrder}
        onSelect={({ label }) => onSelector(withMatcher(range.selector, data.by, label))}
        heightMax="40vh"
      />
    </section>
  )
}

/** The selector of one row. */
export function withMatcher(selector: string, name: string, value: string): string {
  const others = parseSelector(selector).filter((matcher) => matcher.name !== name)
  return formatSelector([...others, { name, operator: '=', value }])
}

function columnsOf(
  data: RangeOutliersReply,
  span: Omit<HeatScale, 'hottest'>,
  texts: Texts,
): readonly Column<FleetRow>[] {
  const format = formatOf(data, texts)
  const scale = { ...span, hottest: hottestOf(data.rows) }
  const number = { width: 'clamp(76px, 10vw, 120px)', isNumber: true } as const
  return [
    {
      id: 'label',
      title: visibleText(data.by),
      width: 'minmax(80px, 1fr)',
      cell: ({ label }) => <UntrustedText text={label === '' ? texts.rangeFleetNoLabel : label} />,
      compare: byText(({ label }) => label),
    },
    {
      id: 'value',
      title: texts.rangeFleetValue,
      ...number,
      isWide: true,
      cell: ({ value }) => format(value),
      compare: (a, b) => b.value - a.value,
    },
    {
      id: 'distance',
      title: texts.rangeFleetDistance,
      hint: texts.rangeFleetDistanceHint,
      ...number,
      width: 'clamp(104px, 12vw, 140px)',
      cell: ({ deviations, isOutlier }) => (
        <span className={isOutlier ? classes['outlier'] : undefined}>
          {isOutlier && `${texts.rangeFleetOutlier} `}
          {signed(deviations)}
        </span>
      ),
      compare: byAmount(({ deviations }) => deviations),
    },
    {
      id: 'strip',
      title: texts.rangeFleetStrip,
      width: 'minmax(70px, 3fr)',
      cell: (row) => (
        <HeatStrip cells={heatCells(row, scale)} label={stripText(row, format, texts)} />
      ),
    },
  ]
}

function stripText({ strip }: FleetRow, format: (value: number) => string, texts: Texts): string {
  const values = strip.map(({ value }) => value).toSorted((a, b) => a - b)
  return texts.rangeFleetStripOf(format(values[0] ?? 0), format(values.at(-1) ?? 0))
}

function formatOf(data: RangeOutliersReply, texts: Texts): (value: number) => string {
  const { unit, size } = unitOfSeries(data)
  return (value) => formatChartValue(value / size, unit, texts)
}

function signed(deviations: number): string {
  const text = Math.abs(deviations).toFixed(1)
  return deviations < 0 ? `−${text}` : `+${text}`
}
