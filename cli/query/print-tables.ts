import type { RangeMoversReply, RangeOutliersReply, RangeSeriesReply } from '../../api/index.ts'
import { formatCores, formatValue } from '../../profile/index.ts'
import { textTable } from '../terminal/text-table.ts'

const NS_PER_SECOND = 1e9
const STRIP = ' ▁▂▃▄▅▆▇█'
const OUTLIER = '!'

/** Each line of a series: its points, with changes of level and what happened between them. */
export function printSeries({ lines, events, sampleType, per }: RangeSeriesReply): string {
  const show = formatterOf(sampleType, per)
  const texts = lines.map(({ label, points, changes }) => {
    const rows = [
      ...points.map(({ at, value }) => ({ at, order: 2, text: show(value) })),
      ...changes.map(({ at, before, after }) => {
        return { at, order: 1, text: `  changes from ${show(before)} to ${show(after)}` }
      }),
      ...events.map((event) => ({ at: event.at, order: 0, text: `  ${eventText(event)}` })),
    ].toSorted((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1))
    const head = label === null ? [] : [label === '' ? '(without the label)' : label]
    return [...head, ...rows.map(({ at, text }) => `${timeText(at)}  ${text}`)].join('\n')
  })
  return `${texts.join('\n\n')}\n`
}

function eventText(event: RangeSeriesReply['events'][number]): string {
  const { kind, before, after, title, instance, target, captureId } = event
  const place = instance === null ? target : `${target} ${instance}`
  const what =
    kind === 'version' ? `${before ?? '?'} → ${after ?? '?'}` : (title ?? captureId ?? '')
  return `${kind}: ${place} ${what}`.trimEnd()
}

/** The functions that changed most between two ranges. */
export function printMovers(
  { rows, sampleType, per, total }: RangeMoversReply,
  sort: 'flat' | 'cum',
): string {
  const show = formatterOf(sampleType, per)
  const table = rows.map(({ name, [sort]: { before, after, isNoise } }) => [
    show(before),
    show(after),
    changeText(before, after),
    isNoise === true ? '~' : '',
    name,
  ])
  const whole = [show(total.before), show(total.after), changeText(total.before, total.after)]
  return textTable([['before', 'after', 'change', '', ''], [...whole, '', 'total'], ...table])
}

function changeText(before: number, after: number): string {
  if (before === 0) return after === 0 ? '' : 'new'
  const share = Math.round((after / before - 1) * 100)
  return `${share > 0 ? '+' : ''}${share} %`
}

/** The values of a label side by side; `!` marks those far from the others. */
export function printOutliers({ rows, sampleType, per, by, median }: RangeOutliersReply): string {
  const show = formatterOf(sampleType, per)
  const most = Math.max(...rows.flatMap(({ strip }) => strip.map(({ value }) => value)))
  const table = rows.map(({ label, value, deviations, isOutlier, strip }) => [
    isOutlier ? OUTLIER : '',
    label,
    show(value),
    `${deviations >= 0 ? '+' : ''}${deviations.toFixed(1)} σ`,
    strip.map((step) => STRIP[most > 0 ? Math.round((step.value / most) * 8) : 0] ?? '').join(''),
  ])
  return textTable([['', by, 'value', `from ${show(median)}`, ''], ...table])
}

function formatterOf(
  { unit }: RangeSeriesReply['sampleType'],
  per: RangeSeriesReply['per'],
): (value: number) => string {
  if (unit === 'nanoseconds' && per === 'second') {
    return (value) => formatCores(value / NS_PER_SECOND)
  }
  const suffix = { second: '/s', profile: '', request: '/request' }[per]
  return (value) => `${formatValue(value, unit)}${suffix}`
}

function timeText(at: string): string {
  return at.slice(0, 19).replace('T', ' ')
}
