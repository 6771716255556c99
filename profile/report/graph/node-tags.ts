import { byteOrder } from '../../columns/byte-order.ts'
import { labelsOf } from '../../filter/filter-labels.ts'
import { scaledLabel, type WholeNumber } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import type { GraphSource } from './report-graph.ts'
import { compareSize } from './trim-graph.ts'
import { type LabelSetIndex, NONE } from '../../types.ts'
import { absWhole, addWhole, divideWhole } from '../../units/whole-number.ts'

/** What a node measured with some labels. https://github.com/google/pprof/blob/main/internal/graph/graph.go */
export interface Tag {
  readonly name: string
  /** Of number labels: the first number that is written so, and its unit. */
  readonly value: bigint
  readonly unit: string
  flat: WholeNumber
  flatDivisor: WholeNumber
  cum: WholeNumber
  cumDivisor: WholeNumber
}

/** The tags of a node: by all text labels of a sample, and within them (`''` for none) by number label. */
export interface NodeTags {
  readonly texts: Map<string, Tag>
  readonly numbers: Map<string, Map<string, Tag>>
}

/** Of number labels `bytes` alone makes tags, as in pprof. Null for nodes without tags. */
export function nodeTags(report: Report, source: GraphSource): (NodeTags | undefined)[] {
  const { profile, values, divisors } = report
  const { samples, stacks } = profile
  const { nodes, nodeOf, nodeKeys } = source
  const tags: (NodeTags | undefined)[] = Array.from({ length: nodes.length })
  const labels = labelKeys(report)
  if (labels.every(({ text, numbers }) => text === '' && numbers.length === 0)) return tags
  const seenAt = new Int32Array(nodes.length).fill(NONE)
  for (let sample = 0; sample < samples.length; sample++) {
    const own = labels[samples.labelSet[sample]]
    const value = values[sample]
    const divisor = divisors === null ? 0 : divisors[sample]
    if (Number(value) === 0 && Number(divisor) === 0) continue
    let leaf = NONE
    for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
      const node = nodeOf[nodeKeys[stack]]
      if (node === NONE) continue
      if (leaf === NONE) leaf = node
      if (seenAt[node] === sample) continue
      seenAt[node] = sample
      for (const tag of tagsOf((tags[node] ??= noTags()), own)) {
        tag.cum = addWhole(tag.cum, value)
        tag.cumDivisor = addWhole(tag.cumDivisor, divisor)
        if (node !== leaf) continue
        tag.flat = addWhole(tag.flat, value)
        tag.flatDivisor = addWhole(tag.flatDivisor, divisor)
      }
    }
  }
  return tags
}

interface LabelKeys {
  readonly text: string
  readonly numbers: readonly { readonly name: string; readonly value: bigint }[]
  readonly unit: string
}

function labelKeys(report: Report): LabelKeys[] {
  const { labelSets, strings } = report.profile
  const unit = report.labelUnits.unitOf('bytes')
  const keyOf = (label: number) => strings[labelSets.key[label]]
  return Array.from({ length: labelSets.length }, (_, set: LabelSetIndex) => {
    const labels = labelsOf(labelSets.labelStart, set)
    const texts = labels
      .filter((label) => labelSets.text[label] !== NONE && keyOf(label) !== 'pprof::base')
      .map((label) => `${keyOf(label)}:${strings[labelSets.text[label]]}`)
    const numbers = labels
      .filter((label) => labelSets.text[label] === NONE && keyOf(label) === 'bytes')
      .map((label) => labelSets.number[label])
    return {
      text: texts.sort(byteOrder(texts)).join('\\n'),
      unit,
      numbers: numbers.map((value) => ({
        name: scaledLabel(value, unit, report.settings.unit),
        value,
      })),
    }
  })
}

function noTags(): NodeTags {
  return { texts: new Map(), numbers: new Map() }
}

function tagsOf({ texts, numbers }: NodeTags, own: LabelKeys): Tag[] {
  const found = own.text === '' ? [] : [tagNamed(texts, own.text, 0n, '')]
  if (own.numbers.length === 0) return found
  const within = numbers.get(own.text) ?? new Map<string, Tag>()
  numbers.set(own.text, within)
  return [
    ...found,
    ...own.numbers.map(({ name, value }) => tagNamed(within, name, value, own.unit)),
  ]
}

function tagNamed(tags: Map<string, Tag>, name: string, value: bigint, unit: string): Tag {
  const known = tags.get(name)
  if (known !== undefined) return known
  const tag = { name, value, unit, flat: 0, flatDivisor: 0, cum: 0, cumDivisor: 0 }
  tags.set(name, tag)
  return tag
}

/** The tags of which something reaches the cutoff. */
export function trimTags({ texts, numbers }: NodeTags, cutoff: WholeNumber): NodeTags {
  const isKept = ({ flat, cum }: Tag) => absWhole(flat) >= cutoff || absWhole(cum) >= cutoff
  const kept = (tags: Map<string, Tag>) => new Map([...tags].filter(([, tag]) => isKept(tag)))
  return {
    texts: kept(texts),
    numbers: new Map(Array.from(numbers, ([text, tags]) => [text, kept(tags)])),
  }
}

/** How many of them measured something themselves. */
export function countFlatTags({ texts, numbers }: NodeTags): number {
  const all = [
    ...texts.values(),
    ...Array.from(numbers.values(), (tags) => [...tags.values()]).flat(),
  ]
  return all.filter(({ flat }) => Number(flat) !== 0).length
}

export function flatOf({ flat, flatDivisor }: Tag): WholeNumber {
  return Number(flatDivisor) === 0 ? flat : divideWhole(flat, flatDivisor)
}

export function cumOf({ cum, cumDivisor }: Tag): WholeNumber {
  return Number(cumDivisor) === 0 ? cum : divideWhole(cum, cumDivisor)
}

/** The largest first, by cum unless `isFlat`, then by flat and name. */
export function sortTags(tags: Iterable<Tag>, isFlat: boolean): Tag[] {
  const list = [...tags]
  const compareNames = byteOrder(list.map(({ name }) => name))
  return list.sort(
    (a, b) =>
      (isFlat ? 0 : compareSize(b.cum, a.cum)) ||
      compareSize(b.flat, a.flat) ||
      compareNames(a.name, b.name),
  )
}
