import { byteOrder } from '../../columns/byte-order.ts'
import { labelsOf } from '../../filter/filter-labels.ts'
import { scaledLabel } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { profileHeader, valueFormat } from '../graph/report-header.ts'
import { printableName, reportNodes } from '../graph/report-nodes.ts'
import { type LabelSetIndex, NONE } from '../../types.ts'
import { encodeUtf8 } from '../../columns/utf8.ts'
import { divideWhole } from '../../units/whole-number.ts'
import { padRunes } from './pad-runes.ts'
import { TraceWriter } from './trace-writer.ts'

const SEPARATOR = `-----------+${'-'.repeat(55)}\n`

/** `-traces`: each sample with its labels and its stack, leaf first. The bytes hold until `write` returns. */
export function tracesReport(report: Report, write: (chunk: string | Uint8Array) => void): void {
  const { profile, values, divisors } = report
  const { samples } = profile
  const format = valueFormat(report, report.settings.unit)
  const headOf = traceHeads(report)
  const valueBytes = rememberedBytes((text) => padRunes(text, 10))
  const writer = new TraceWriter(profile.stacks, frameLines(report), write)
  write(`${profileHeader(report, format).join('\n')}\n`)
  for (let sample = 0; sample < samples.length; sample++) {
    const divisor = divisors === null ? 0 : divisors[sample]
    const value = Number(divisor) === 0 ? values[sample] : divideWhole(values[sample], divisor)
    const head = headOf(samples.labelSet[sample])
    writer.add({ head, value: valueBytes(format(value)), leaf: samples.stack[sample] })
  }
  writer.finish()
  write(SEPARATOR)
}

/** Few values make most of the samples. */
function rememberedBytes(textOf: (text: string) => string): (text: string) => Uint8Array {
  const known = new Map<string, Uint8Array>()
  return (text) => {
    const bytes = known.get(text) ?? encodeUtf8(textOf(text))
    known.set(text, bytes)
    return bytes
  }
}

/** The line of each frame; null for those that are left out. */
function frameLines({ profile, settings }: Report): (Uint8Array | null)[] {
  const { frames, locations } = profile
  const { nodes, nodeOfFrame } = reportNodes(profile, {
    granularity: settings.granularity === '' ? 'functions' : settings.granularity,
    hidesInlines: settings.noInlines,
    showsColumns: settings.showColumns,
    keepsObjectFiles: false,
    splitsFiles: settings.keepsPprofBugs,
    // pprof trims paths only where it makes a graph.
    trim: null,
  })
  const names = nodes.map(printableName)
  const lines = names.map((name) => encodeUtf8(`             ${name}\n`))
  const inlinedLines: (Uint8Array | undefined)[] = []
  return Array.from(nodeOfFrame, (node, frame) => {
    if (node === NONE) return null
    const isInlined = locations.frameStart[frames.location[frame]] !== frame
    if (!isInlined) return lines[node]
    return (inlinedLines[node] ??= encodeUtf8(`             ${names[node]} (inline)\n`))
  })
}

/** What comes before the stacks of samples with the same labels. */
function traceHeads(report: Report): (set: LabelSetIndex) => Uint8Array {
  const heads: (Uint8Array | undefined)[] = []
  return (set) => (heads[set] ??= encodeUtf8(SEPARATOR + labelText(report, set)))
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
  return lines.sort(byteOrder(lines))
}
