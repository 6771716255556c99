import { compareBytes } from '../../columns/byte-order.ts'
import { labelsOf } from '../../filter/filter-labels.ts'
import type { Report } from '../open-report.ts'
import { type PlaceIds, placeIds } from '../../decode/place-ids.ts'
import { type LabelSetIndex, type LocationIndex, NONE, type Profile } from '../../types.ts'
import { durationText } from './duration-text.ts'

const CHUNK_LENGTH_MIN = 64 * 1024

/**
 * `-raw`: the profile's tables as text. It is long, so it goes out in chunks.
 * https://github.com/google/pprof/blob/main/profile/profile.go
 */
export function rawReport({ profile, settings }: Report, write: (text: string) => void): void {
  const ids = placeIds(profile, settings.placeIds)
  const { comments, docUrl, periodType, period, timeNs, durationNs, locations } = profile
  let chunk = ''
  const line = (text: string) => {
    chunk += `${text}\n`
    if (chunk.length < CHUNK_LENGTH_MIN) return
    write(chunk)
    chunk = ''
  }
  for (const comment of comments) line(`Comment: ${comment}`)
  if (docUrl !== '') line(`Doc: ${docUrl}`)
  line(`PeriodType: ${periodType?.type ?? ''} ${periodType?.unit ?? ''}`)
  line(`Period: ${period}`)
  if (timeNs !== 0n) line(`Time: ${settings.formatTime(timeNs, 'exact')}`)
  // pprof asks for four digits and gets four characters.
  if (durationNs !== 0n) line(`Duration: ${durationText(durationNs).slice(0, 4)}`)
  line('Samples:')
  line(profile.sampleTypes.map((type) => typeText(profile, type)).join(' '))
  writeSamples(profile, ids, line)
  line('Locations')
  for (let row = 0; row < locations.length; row++) line(locationText(profile, ids, row, settings))
  line('Mappings')
  for (let row = 0; row < profile.mappings.length; row++) line(mappingText(profile, ids, row))
  write(chunk)
}

function typeText({ defaultSampleType }: Profile, type: { type: string; unit: string }): string {
  return `${type.type}/${type.unit}${type.type === defaultSampleType ? '[dflt]' : ''}`
}

const LABEL_INDENT = ' '.repeat(16)

function writeSamples(profile: Profile, ids: PlaceIds, line: (text: string) => void): void {
  const { samples, stacks, frames, locations } = profile
  const labelLines: (readonly string[])[] = []
  for (let sample = 0; sample < samples.length; sample++) {
    let text = ''
    for (const column of samples.values) text += ` ${String(column[sample]).padStart(10)}`
    text += ': '
    for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
      const location = frames.location[stacks.frame[stack]]
      if (locations.frameStart[location] === stacks.frame[stack])
        text += `${ids.locations[location]} `
    }
    line(text)
    const set = samples.labelSet[sample]
    for (const labels of (labelLines[set] ??= labelTexts(profile, set))) line(labels)
  }
}

/** A line of text labels and one of number labels, as far as there are any. */
function labelTexts({ labelSets, strings }: Profile, set: LabelSetIndex): string[] {
  const texts = new Map<string, string[]>()
  const numbers = new Map<string, number[]>()
  for (const label of labelsOf(labelSets.labelStart, set)) {
    const key = strings[labelSets.key[label]]
    const text = labelSets.text[label]
    if (text === NONE) numbers.set(key, [...(numbers.get(key) ?? []), label])
    else texts.set(key, [...(texts.get(key) ?? []), strings[text]])
  }
  const numberTexts = ([key, labels]: readonly [string, readonly number[]]) => {
    const hasUnits = labels.some((label) => labelSets.unit[label] !== 0)
    const values = labels.map((label) =>
      hasUnits
        ? `${labelSets.number[label]} ${strings[labelSets.unit[label]]}`
        : String(labelSets.number[label]),
    )
    return `${key}:[${values.join(' ')}]`
  }
  const lists = [
    Array.from(texts, ([key, values]) => `${key}:[${values.join(' ')}]`),
    Array.from(numbers, numberTexts),
  ]
  return lists
    .filter((list) => list.length > 0)
    .map((list) => LABEL_INDENT + list.sort(compareBytes).join(' '))
}

function locationText(
  { locations, frames, funcs, strings }: Profile,
  ids: PlaceIds,
  location: LocationIndex,
  { noInlines, showColumns }: Report['settings'],
): string {
  const mapping = locations.mapping[location]
  const inMapping = mapping === NONE ? '' : `M=${ids.mappings[mapping]} `
  const folded = locations.isFolded[location] === 1 ? '[F] ' : ''
  const address = locations.address[location].toString(16)
  let indent = `${String(ids.locations[location]).padStart(6)}: 0x${address} ${inMapping}${folded}`
  const lines: string[] = []
  const first = locations.frameStart[location]
  const end = noInlines ? first + 1 : locations.frameStart[location + 1]
  for (let frame = end - 1; frame >= first; frame--) {
    const func = frames.func[frame]
    if (func === NONE) return indent
    const name = strings[funcs.name[func]]
    const systemName = strings[funcs.systemName[func]]
    const column = noInlines && !showColumns ? 0 : frames.column[frame]
    const place = `${strings[funcs.file[func]]}:${frames.line[frame]}:${column}`
    const otherName = name === systemName ? '' : `(${systemName})`
    lines.push(`${indent}${name} ${place} s=${funcs.startLine[func]}${otherName}`)
    indent = '             '
  }
  return lines.join('\n')
}

const FLAG_TEXTS = ['[FN]', '[FL]', '[LN]', '[IN]']

function mappingText({ mappings, strings }: Profile, ids: PlaceIds, row: number): string {
  const addresses = [mappings.start[row], mappings.limit[row], mappings.offset[row]]
  const range = addresses.map((address) => `0x${address.toString(16)}`).join('/')
  const flags = FLAG_TEXTS.filter((_, bit) => (mappings.flags[row] & (1 << bit)) !== 0).join('')
  const names = `${strings[mappings.file[row]]} ${strings[mappings.buildId[row]]}`
  return `${ids.mappings[row]}: ${range} ${names} ${flags}`
}
