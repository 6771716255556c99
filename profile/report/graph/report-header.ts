import { baseName } from '../../names/file-path.ts'
import {
  percentageLabel,
  scaledLabel,
  scaleValue,
  type WholeNumber,
} from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { meanAt } from './report-graph.ts'
import type { TrimmedGraph } from './trim-graph.ts'
import type { VisualGraph } from './visual-graph.ts'
import { absWhole, addWhole, scaleWhole, wholeOf } from '../../units/whole-number.ts'

/** How a report writes its values: divided, and all in one unit. */
export type FormatValue = (value: WholeNumber) => string

export function valueFormat({ settings, sampleType }: Report, unit: string): FormatValue {
  const ratio = 1 / settings.divideBy
  return remembered((value) => {
    const divided = ratio > 0 && ratio !== 1 ? scaleWhole(value, ratio) : value
    return scaledLabel(divided, sampleType.unit, unit)
  })
}

/** How a report writes what part of the total a value is. */
export function shareFormat({ total }: Report): FormatValue {
  return remembered((value) => percentageLabel(value, total))
}

/** Few values make most of a table. */
function remembered(format: FormatValue): FormatValue {
  const known = new Map<WholeNumber, string>()
  return (value) => {
    let text = known.get(value)
    if (text === undefined) {
      text = format(value)
      known.set(value, text)
    }
    return text
  }
}

/**
 * The unit for all values of a table: that of the smallest, or of a hundred times it where the total is of a larger
 * unit, unless values are written without fractions.
 * https://github.com/google/pprof/blob/main/internal/report/report.go
 */
export function outputUnit(
  report: Report,
  { shown, sums }: TrimmedGraph,
  { isWhole = false } = {},
): string {
  const { settings, sampleType, total } = report
  if (settings.unit !== 'minimum' || shown.length === 0) return settings.unit
  let smallest: WholeNumber = 0
  for (const node of shown) {
    const flat = absWhole(meanAt(sums.flat, node))
    const size = Number(flat) === 0 ? absWhole(meanAt(sums.cum, node)) : flat
    if (size > 0 && (Number(smallest) === 0 || size < smallest)) smallest = size
  }
  if (Number(smallest) === 0) smallest = total
  const ratio = 1 / settings.divideBy
  const isDivided = ratio > 0 && ratio !== 1
  const min = isDivided ? scaleWhole(smallest, ratio) : smallest
  const max = isDivided ? scaleWhole(total, ratio) : total
  const unitOf = (value: WholeNumber) => scaleValue(value, sampleType.unit, 'minimum').unit
  const hundredfold = typeof min === 'number' && min < 2 ** 46 ? min * 100 : BigInt(min) * 100n
  const isWide = !isWhole && unitOf(min) !== unitOf(max) && hundredfold < max
  const unit = isWide ? unitOf(hundredfold) : unitOf(min)
  return unit === '' ? sampleType.unit : unit
}

/** What is known of the profile, a line each. */
export function profileHeader(report: Report, format: FormatValue): string[] {
  const { profile, sampleType, settings, total } = report
  const { strings, mappings } = profile
  const lines: string[] = []
  if (mappings.length > 0) {
    const file = strings[mappings.file[0]]
    const buildId = strings[mappings.buildId[0]]
    if (file !== '') lines.push(`File: ${baseName(file)}`)
    if (buildId !== '') lines.push(`Build ID: ${buildId}`)
  }
  lines.push(...profile.comments.filter((comment) => !comment.startsWith('#')))
  if (sampleType.type !== '') lines.push(`Type: ${sampleType.type}`)
  if (profile.docUrl !== '') lines.push(`Doc: ${profile.docUrl}`)
  if (profile.timeNs !== 0n) lines.push(`Time: ${settings.formatTime(profile.timeNs, 'seconds')}`)
  if (profile.durationNs !== 0n) {
    const duration = scaledLabel(profile.durationNs, 'nanoseconds', 'auto')
    const { value, unit } = scaleValue(total, sampleType.unit, 'nanoseconds')
    const share = percentageLabel(wholeOf(value), profile.durationNs)
    const ratio = unit === 'ns' && value !== 0 ? `(${share})` : ''
    lines.push(`Duration: ${duration}, Total samples = ${format(total)} ${ratio}`)
  }
  return lines
}

/** The header of a table: the profile, the filters, and how much of it is shown. */
export function tableHeader(report: Report, graph: TrimmedGraph, format: FormatValue): string[] {
  const { settings } = report
  const lines = settings.compactLabels ? [] : profileHeader(report, format)
  return [...lines, ...tableSummary(report, graph, format)]
}

/** The legend of a picture: all of the header, what was left out, and where to read how to read it. */
export function graphLegend(report: Report, graph: VisualGraph, format: FormatValue): string[] {
  const { settings, total } = report
  const summary = tableSummary(report, graph, format)
  const { droppedEdgeCount } = graph
  if (Number(total) !== 0 && droppedEdgeCount > 0) {
    const noun = droppedEdgeCount > 1 ? 'edges' : 'edge'
    const fraction = settings.trim ? settings.edgeFraction : 0
    const most = format(absWhole(scaleWhole(total, fraction)))
    const isTop = summary.at(-1)?.startsWith('Showing top ') === true
    summary.splice(
      isTop ? summary.length - 1 : summary.length,
      0,
      `Dropped ${droppedEdgeCount} ${noun} (freq <= ${most})`,
    )
  }
  const hint = '\nSee https://git.io/JfYMW for how to read the graph'
  return [...profileHeader(report, format), ...summary, hint]
}

/** The filters, and how much of the profile is shown. */
export function tableSummary(report: Report, graph: TrimmedGraph, format: FormatValue): string[] {
  const { settings, total } = report
  const { shown, sums, droppedNodeCount, originalCount } = graph
  const lines = filterLines(settings.activeFilters)
  const shownTotal = shown.reduce<WholeNumber>(
    (sum, node) => addWhole(sum, meanAt(sums.flat, node)),
    0,
  )
  const share = percentageLabel(shownTotal, total).trim()
  lines.push(
    `Showing nodes accounting for ${format(shownTotal)}, ${share} of ${format(total)} total`,
  )
  if (Number(total) === 0) return lines
  if (droppedNodeCount > 0) {
    const noun = droppedNodeCount > 1 ? 'nodes' : 'node'
    const most = format(absWhole(scaleWhole(total, graphFraction(report))))
    lines.push(`Dropped ${droppedNodeCount} ${noun} (cum <= ${most})`)
  }
  if (shown.length > 0 && shown.length < originalCount) {
    lines.push(`Showing top ${shown.length} nodes out of ${originalCount}`)
  }
  return lines
}

function graphFraction({ settings }: Report): number {
  return settings.trim ? settings.nodeFraction : 0
}

const FILTER_BYTES_MAX = 80

function filterLines(filters: readonly string[]): string[] {
  if (filters.length === 0) return []
  return ['Active filters:', ...filters.map((filter) => `   ${cutBytes(filter)}`)]
}

/** Cut at a number of UTF-8 bytes. A character that does not fit whole is left out. */
function cutBytes(text: string): string {
  let bytes = 0
  let cut = ''
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += 1 + Number(point > 0x7f) + Number(point > 0x7ff) + Number(point > 0xffff)
    if (bytes <= FILTER_BYTES_MAX) cut += character
  }
  return bytes > FILTER_BYTES_MAX ? `${cut}…` : text
}
