import { hash } from 'node:crypto'
import {
  type Block,
  type LabelDraft,
  type LocationDraft,
  type MappingDraft,
  NONE,
  type PathRows,
  type Profile,
  ProfileBuilder,
  rowsOfPaths,
} from '../../profile/index.ts'

/** What identifies a frame or a stack: 128 bits, as a decimal number. */
export type ContentHash = string

/** A location with its lines, its function names and its mapping, as text; equal ones have equal texts. */
export interface FrameContent {
  readonly hash: ContentHash
  readonly body: string
}

/** A stack with the labels of its sample. */
export interface StackContent {
  readonly hash: ContentHash
  /** Indexes of frames, root first. */
  readonly frames: Uint32Array
  readonly labels: string
}

export function hashOf(text: string): ContentHash {
  return BigInt(`0x${hash('sha256', text).slice(0, 32)}`).toString()
}

type LineBody = readonly [
  name: string,
  systemName: string,
  file: string,
  startLine: number,
  line: number,
  column: number,
]
type MappingBody = readonly [
  start: string,
  limit: string,
  offset: string,
  file: string,
  buildId: string,
  flags: number,
]
/** What the text of a frame is in JSON. */
export type FrameBody = readonly [
  mapping: MappingBody | null,
  address: string,
  isFolded: 0 | 1,
  lines: readonly LineBody[],
]

/** The frames and the rows of a block as what they are, whatever block they come from. */
export function contentOf({ tables }: Pick<Block, 'tables'>): {
  readonly frames: readonly FrameContent[]
  /** One for each row of the block. */
  readonly stacks: readonly StackContent[]
} {
  const frames = Array.from({ length: tables.locations.length }, (_, location) => {
    const body = frameText(tables, location)
    return { hash: hashOf(body), body }
  })
  const labelTexts = Array.from({ length: tables.labelSets.length }, (_, set) =>
    labelsText(tables, set),
  )
  const { stack, labelSet } = tables.samples
  const stacks = Array.from({ length: tables.samples.length }, (_, row) => {
    const path = pathOf(tables, stack[row] ?? NONE)
    const labels = labelTexts[labelSet[row] ?? 0] ?? ''
    const hashes = Array.from(path, (location) => frames[location]?.hash ?? '')
    return { hash: hashOf(`${hashes.join(' ')}\n${labels}`), frames: path, labels }
  })
  return { frames, stacks }
}

/** The locations of a stack, root first. */
function pathOf({ stacks, frames, locations }: Profile, leaf: number): Uint32Array {
  const path: number[] = []
  for (let stack = leaf; stack !== NONE; stack = stacks.parent[stack] ?? NONE) {
    const frame = stacks.frame[stack] ?? 0
    const location = frames.location[frame] ?? 0
    if (locations.frameStart[location] === frame) path.push(location)
  }
  return Uint32Array.from(path.toReversed())
}

function frameText(profile: Profile, location: number): string {
  const { locations, frames, funcs, strings } = profile
  const text = (column: Uint32Array, row: number) => strings[column[row] ?? 0] ?? ''
  const lines: LineBody[] = []
  const end = locations.frameStart[location + 1] ?? 0
  for (let frame = locations.frameStart[location] ?? 0; frame < end; frame++) {
    const func = frames.func[frame] ?? NONE
    if (func === NONE) continue
    const names = [text(funcs.name, func), text(funcs.systemName, func), text(funcs.file, func)]
    const [name = '', systemName = '', file = ''] = names
    const numbers = [funcs.startLine[func], frames.line[frame], frames.column[frame]]
    const [startLine = 0, line = 0, column = 0] = numbers
    lines.push([name, systemName, file, startLine, line, column])
  }
  const mapping = locations.mapping[location] ?? NONE
  const body: FrameBody = [
    mapping === NONE ? null : mappingBody(profile, mapping),
    (locations.address[location] ?? 0n).toString(),
    locations.isFolded[location] === 1 ? 1 : 0,
    lines,
  ]
  return JSON.stringify(body)
}

function mappingBody({ mappings, strings }: Profile, row: number): MappingBody {
  const wide = (column: BigUint64Array) => (column[row] ?? 0n).toString()
  const text = (column: Uint32Array) => strings[column[row] ?? 0] ?? ''
  const { start, limit, offset, file, buildId, flags } = mappings
  return [wide(start), wide(limit), wide(offset), text(file), text(buildId), flags[row] ?? 0]
}

/** The first mapping of a profile is its main binary. */
export function mainMappingText(profile: Profile): string {
  return profile.mappings.length === 0 ? '' : JSON.stringify(mappingBody(profile, 0))
}

function labelsText({ labelSets, strings }: Profile, set: number): string {
  const labels: (readonly string[])[] = []
  const end = labelSets.labelStart[set + 1] ?? 0
  for (let label = labelSets.labelStart[set] ?? 0; label < end; label++) {
    const key = strings[labelSets.key[label] ?? 0] ?? ''
    const text = labelSets.text[label] ?? NONE
    const unit = strings[labelSets.unit[label] ?? 0] ?? ''
    const number = (labelSets.number[label] ?? 0n).toString()
    labels.push(text === NONE ? [key, number, unit] : [key, strings[text] ?? ''])
  }
  return labels.length === 0 ? '' : JSON.stringify(labels)
}

export interface LabelledPaths extends Pick<PathRows, 'paths' | 'locationOf'> {
  /** Of each path, as text. */
  readonly labels: readonly string[]
}

/** Rows of ClickHouse as the tables of a profile without sample types: each stack is a row, in the order given. */
export class ContentTables {
  readonly #builder = new ProfileBuilder({ sampleTypes: [] })
  readonly #mappings = new Map<string, number>()
  #last: { readonly body: MappingBody; readonly row: number } | null = null

  /** The main binary comes first. */
  addMainMapping(text: string): void {
    if (text !== '') this.#mapping(JSON.parse(text))
  }

  /** The location that a frame is. */
  addFrame([mapping, address, isFolded, bodies]: FrameBody): number {
    const lines = bodies.map(([name, systemName, file, startLine, line, column]) => ({
      func: this.#builder.func({ name, systemName, file, startLine }),
      line,
      column,
    }))
    const draft: LocationDraft = { address: BigInt(address), isFolded: isFolded === 1, lines }
    return this.#builder.location(
      mapping === null ? draft : { ...draft, mapping: this.#mapping(mapping) },
    )
  }

  finish({ labels, ...rows }: LabelledPaths): Profile {
    const samples = new Map<string, number>()
    for (const text of labels) if (text !== '') samples.set(text, samples.get(text) ?? samples.size)
    for (const text of samples.keys()) {
      this.#builder.sample({ locations: [], values: [], labels: labelsOf(text) })
    }
    const tables = this.#builder.finish()
    const labelSet = new Uint32Array(labels.length)
    for (const [row, text] of labels.entries()) {
      if (text !== '') labelSet[row] = tables.samples.labelSet[samples.get(text) ?? 0] ?? 0
    }
    return rowsOfPaths(tables, { ...rows, labelSet })
  }

  #mapping(body: MappingBody): number {
    if (this.#last !== null && isSame(this.#last.body, body)) return this.#last.row
    const key = JSON.stringify(body)
    const row = this.#mappings.get(key) ?? this.#addMapping(body)
    this.#mappings.set(key, row)
    this.#last = { body, row }
    return row
  }

  #addMapping([start, limit, offset, file, buildId, flags]: MappingBody): number {
    const draft: MappingDraft = {
      start: BigInt(start),
      limit: BigInt(limit),
      offset: BigInt(offset),
      file,
      buildId,
      flags,
    }
    return this.#builder.mapping(draft)
  }
}

function isSame(a: MappingBody, b: MappingBody): boolean {
  return a.every((value, index) => value === b[index])
}

function labelsOf(text: string): LabelDraft[] {
  const labels: readonly (readonly [string, string, string?])[] = JSON.parse(text)
  return labels.map(([key, value, unit]) =>
    unit === undefined ? { key, text: value } : { key, number: BigInt(value), unit },
  )
}
