import { compareBytes } from '../byte-order.ts'
import { labelsOf } from '../filter-labels.ts'
import { scaledLabel } from '../format-value.ts'
import type { Report } from '../open-report.ts'
import { profileHeader, valueFormat } from '../report-header.ts'
import { printableName, reportNodes } from '../report-nodes.ts'
import { type LabelSetIndex, NONE } from '../types.ts'
import { divideWhole } from '../whole-number.ts'
import { padRunes } from './pad-runes.ts'

const SEPARATOR = `-----------+${'-'.repeat(55)}`
const CHUNK_LENGTH_MIN = 64 * 1024

/** `-traces`: each sample with its labels and its stack, leaf first. It is long, so it goes out in chunks. */
export function tracesReport(report: Report, write: (text: string) => void): void {
  const { profile, values, divisors } = report
  const { samples, stacks } = profile
  const format = valueFormat(report, report.settings.unit)
  const lines = frameLines(report)
  const labelText = labelTexts(report)
  let chunk = `${profileHeader(report, format).join('\n')}\n`
  for (let sample = 0; sample < samples.length; sample++) {
    const divisor = divisors === null ? 0 : divisors[sample]
    const value = Number(divisor) === 0 ? values[sample] : divideWhole(values[sample], divisor)
    let indent = format(value).padStart(10)
    let trace = ''
    for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
      const line = lines[stacks.frame[stack]]
      if (line === null) continue
      trace += `${indent}   ${line}\n`
      indent = '          '
    }
    if (trace === '') continue
    chunk += `${SEPARATOR}\n${labelText(samples.labelSet[sample])}${trace}`
    if (chunk.length < CHUNK_LENGTH_MIN) continue
    write(chunk)
    chunk = ''
  }
  write(`${chunk}${SEPARATOR}\n`)
}

/** How each frame reads; null for those that are left out. */
function frameLines({ profile, settings }: Report): (string | null)[] {
  const { frames, locations } = profile
  const { nodes, nodeOfFrame } = reportNodes(profile, {
    granularity: settings.granularity === '' ? 'functions' : settings.granularity,
    hidesInlines: settings.noInlines,
    showsColumns: settings.showColumns,
    keepsObjectFiles: false,
    // pprof trims paths only where it makes a graph.
    trim: null,
  })
  const names = nodes.map(printableName)
  return Array.from(nodeOfFrame, (node, frame) => {
    if (node === NONE) return null
    const isInlined = locations.frameStart[frames.location[frame]] !== frame
    return isInlined ? `${names[node]} (inline)` : names[node]
  })
}

function labelTexts(report: Report): (set: LabelSetIndex) => string {
  const texts: (string | undefined)[] = []
  return (set) => (texts[set] ??= labelText(report, set))
}

/** Text labels, then number labels, each sorted as lines. */
function labelText({ profile, labelUnits }: Report, set: LabelSetIndex): string {
  const { labelSets, strings } = profile
  const texts = new Map<string, string[]>()
  const numbers = new Map<string, string[]>()
  for (const label of labelsOf(labelSets.labelStart, set)) {
    const key = strings[labelSets.key[label]]
    const text = labelSets.text[label]
    const isText = text !== NONE
    const lists = isText ? texts : numbers
    const value = isText
      ? strings[text]
      : scaledLabel(labelSets.number[label], labelUnits.unitOf(key), 'auto')
    lists.set(key, [...(lists.get(key) ?? []), value])
  }
  return [...labelLines(texts), ...labelLines(numbers)].join('')
}

function labelLines(lists: ReadonlyMap<string, readonly string[]>): string[] {
  const lines = Array.from(lists, ([key, values]) => `${padRunes(key, 10)}:  ${values.join(' ')}\n`)
  return lines.sort(compareBytes)
}
