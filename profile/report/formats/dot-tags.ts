import { scaledLabel, scaleValue, type WholeNumber } from '../../units/format-value.ts'
import { cumOf, flatOf, type NodeTags, sortTags, type Tag } from '../graph/node-tags.ts'
import type { FormatValue } from '../graph/report-header.ts'
import { TAGS_MAX } from '../graph/visual-graph.ts'
import { addWhole, divideWhole, wholeOf } from '../../units/whole-number.ts'

export interface TagLineOptions {
  readonly format: FormatValue
  /** Whether only what the node measured itself counts. */
  readonly isFlat: boolean
  /** What the tags hang on. */
  readonly source: string
}

/** Boxes for the labels of a node's samples; of a leaf also of what it called and is not shown. */
export function tagLines(tags: NodeTags, { format, isFlat, source: id }: TagLineOptions): string[] {
  const lines: string[] = []
  for (const [index, tag] of sortTags(tags.texts.values(), isFlat).slice(0, TAGS_MAX).entries()) {
    const value = isFlat ? flatOf(tag) : cumOf(tag)
    if (Number(value) === 0) continue
    const weight = format(value)
    lines.push(tagBox(`${id}_${index}`, tag.name, weight), tagEdge(id, `${id}_${index}`, weight))
    lines.push(...numberTagLines(tags, tag.name, { format, isFlat, source: `${id}_${index}` }))
  }
  lines.push(...numberTagLines(tags, '', { format, isFlat, source: id }))
  return lines
}

function numberTagLines(
  tags: NodeTags,
  text: string,
  { format, isFlat, source }: TagLineOptions,
): string[] {
  const lines: string[] = []
  const own = tags.numbers.get(text)
  if (own === undefined) return lines
  for (const [index, { name, flat, cum }] of collapseTags([...own.values()], isFlat).entries()) {
    const isWhole = isFlat || flat === cum
    const value = isWhole ? flat : cum
    if (Number(value) === 0) continue
    const weight = format(value)
    const style = isWhole ? '' : ' style="dotted"'
    const box = `N${source}_${index}`
    lines.push(tagBox(box, name, weight), tagEdge(source, box, weight, style))
  }
  return lines
}

function tagBox(id: string, name: string, weight: string): string {
  return `${id} [label = "${name}" id="${id}" fontsize=8 shape=box3d tooltip="${weight}"]`
}

function tagEdge(from: string, to: string, weight: string, style = ''): string {
  const texts = `label=" ${weight}" weight=100 tooltip="${weight}" labeltooltip="${weight}"`
  return `${from} -> ${to} [${texts}${style}]`
}

interface TagGroup {
  readonly name: string
  readonly flat: WholeNumber
  readonly cum: WholeNumber
}

/** At most four number tags: the largest stay, and each other goes to the one of them that is nearest to it. */
function collapseTags(tags: readonly Tag[], isFlat: boolean): TagGroup[] {
  const sorted = sortTags(tags, isFlat)
  if (sorted.length <= TAGS_MAX) {
    return sorted.map((tag) => ({ name: tag.name, flat: flatOf(tag), cum: cumOf(tag) }))
  }
  const groups = sorted.slice(0, TAGS_MAX).map((tag) => [tag])
  for (const tag of sorted.slice(TAGS_MAX)) {
    const distances = groups.map(([first]) => tagDistance(tag, first))
    groups[distances.indexOf(Math.min(...distances))].push(tag)
  }
  const merged = groups.map((group) => ({ ...group[0], ...mergeTags(group) }))
  return sortTags(merged, isFlat)
}

function tagDistance(tag: Tag, other: Tag): number {
  return Math.abs(Number(tag.value) - scaleValue(other.value, other.unit, tag.unit).value)
}

function mergeTags(tags: readonly Tag[]) {
  const sum = (key: 'flat' | 'flatDivisor' | 'cum' | 'cumDivisor') =>
    tags.reduce<WholeNumber>((total, tag) => addWhole(total, tag[key]), 0)
  let [min, max] = [tags[0], tags[0]]
  for (const tag of tags.slice(1)) {
    const inUnit = (unit: string) => wholeOf(scaleValue(tag.value, tag.unit, unit).value)
    if (inUnit(min.unit) < min.value) min = tag
    if (inUnit(max.unit) > max.value) max = tag
  }
  return {
    name: tags.length === 1 ? labelOf(min) : `${labelOf(min)}..${labelOf(max)}`,
    flat: meanOf(sum('flat'), sum('flatDivisor')),
    flatDivisor: 0,
    cum: meanOf(sum('cum'), sum('cumDivisor')),
    cumDivisor: 0,
  }
}

function labelOf({ value, unit }: Tag): string {
  return scaledLabel(value, unit, 'auto')
}

function meanOf(total: WholeNumber, divisor: WholeNumber): WholeNumber {
  return Number(divisor) === 0 ? total : divideWhole(total, divisor)
}
