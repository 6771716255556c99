import type { LegacyLines } from './legacy-lines.ts'

/** Addresses from `start` up to, not including, `limit`. */
export interface LegacyMapping {
  start: bigint
  limit: bigint
  offset: bigint
  file: string
  buildId: string
}

/** An address of an old format, one object a place: samples that share it share the object. */
export interface LegacyLocation {
  address: bigint
  /** The function and line in the file, as Java's have them; null if names must be looked up elsewhere. */
  line: { readonly name: string; readonly file: string; readonly line: number } | null
  mapping: LegacyMapping | null
}

/** Whether the lines of a memory map follow. */
export function isMemoryMapStart(line: string): boolean {
  return line.includes('--- Memory map: ---') || line.includes('MAPPED_LIBRARIES:')
}

/** The memory map in the rest of a text, if it has one; other sections before it are skipped. */
export function memoryMapBehind(lines: LegacyLines): LegacyMapping[] {
  while (!isMemoryMapStart(lines.line)) if (!lines.next()) return []
  return readMemoryMap(lines)
}

/** A logged map may have the log's file and line in front of each of its lines. */
const LOG_PREFIX = /^[^[\]]+:[0-9]+\]\s/
const RANGE = String.raw`^\s*(?:0x)?([0-9a-fA-F]+)[\s-]\s*(?:0x)?([0-9a-fA-F]+):?`
/** As in /proc/self/maps: `00400000-00fcb000 r-xp 00000000 fd:01 123 /bin/a`. */
const PROC_LINE = new RegExp(
  `${RANGE}${String.raw`(?:\s+([-rwxp]+))?(?:\s+([0-9a-fA-F]+))?\s+[0-9a-fA-F]+:[0-9a-fA-F]+\s+[0-9]+(?:\s+(\S+))?`}`,
)
/** `0x400000-0x80000 /path/to/binary (@FF00) abc123456`. */
const BRIEF_LINE = new RegExp(
  `${RANGE}${String.raw`(?:\s+([-rwxp]+))?(?:\s+(\S+))?(?:\s+\(@([0-9a-fA-F]+)\))?(?:\s+([0-9a-fA-F]+))?`}`,
)

/**
 * Reads mappings from the lines that follow. Lines `name=value` set what `$name` stands for in later ones; lines that
 * are neither are skipped (https://github.com/google/pprof/blob/main/profile/legacy_profile.go).
 */
export function readMemoryMap(lines: LegacyLines): LegacyMapping[] {
  const mappings: LegacyMapping[] = []
  const variables = new Map<string, string>()
  while (lines.next()) {
    const line = replaceVariables(lines.line.replace(LOG_PREFIX, ''), variables)
    const mapping = readMapping(line)
    if (mapping === 'none') {
      const at = line.indexOf('=')
      if (at !== -1) variables.set(`$${line.slice(0, at).trim()}`, line.slice(at + 1).trim())
    } else if (mapping !== 'no code') mappings.push(mapping)
  }
  return massage(mappings)
}

function replaceVariables(line: string, variables: ReadonlyMap<string, string>): string {
  if (!line.includes('$')) return line
  let replaced = ''
  for (let at = 0; at < line.length;) {
    const name = [...variables.keys()].find((key) => line.startsWith(key, at))
    replaced += name === undefined ? line[at] : (variables.get(name) ?? '')
    at += name === undefined ? 1 : name.length
  }
  return replaced
}

function readMapping(line: string): LegacyMapping | 'none' | 'no code' {
  const proc = PROC_LINE.exec(line)
  const brief = proc === null ? BRIEF_LINE.exec(line) : null
  if (proc === null && brief === null) return 'none'
  const [, start, limit, permissions = ''] = proc ?? brief ?? []
  const [offset = '', file = '', buildId = ''] =
    proc === null ? [brief?.[5], brief?.[4], brief?.[6]] : [proc[4], proc[5]]
  if (permissions !== '' && !permissions.includes('x')) return 'no code'
  const numbers = [start, limit, offset || '0'].map((text) => BigInt(`0x${text}`))
  if (numbers.some((number) => number >= 2n ** 64n)) return 'none'
  return { start: numbers[0], limit: numbers[1], offset: numbers[2], file, buildId }
}

/** Joins what the system had split, and puts the main binary first. */
function massage(mappings: readonly LegacyMapping[]): LegacyMapping[] {
  const joined: LegacyMapping[] = []
  for (const mapping of mappings) {
    const last = joined.at(-1)
    if (last === undefined || !isAdjacent(last, mapping)) {
      joined.push(mapping)
      continue
    }
    last.limit = mapping.limit
    last.file = mapping.file || last.file
    last.buildId = mapping.buildId || last.buildId
  }
  const main = joined.findIndex(({ file }) => {
    const name = file.replaceAll('(deleted)', '').trim()
    return name !== '' && !/[.]so$|[.]so[._][0-9]+/.test(name) && !name.startsWith('[')
  })
  if (main > 0) [joined[0], joined[main]] = [joined[main], joined[0]]
  return joined
}

function isAdjacent(one: LegacyMapping, two: LegacyMapping): boolean {
  if (differ(one.file, two.file) || differ(one.buildId, two.buildId)) return false
  if (one.limit !== two.start) return false
  const isUnknown = one.offset === 0n || two.offset === 0n
  return isUnknown || BigInt.asUintN(64, one.offset + one.limit - one.start) === two.offset
}

function differ(one: string, two: string): boolean {
  return one !== '' && two !== '' && one !== two
}

/** Where the main binary of Linux programs starts. */
const MAIN_START = 0x400000n

/** Gives each location its mapping, or an empty one if none fits, and returns all mappings. */
export function assignMappings(
  known: readonly LegacyMapping[],
  locations: readonly LegacyLocation[],
): readonly LegacyMapping[] {
  const isHugePage = known.length > 1 && known[0].file.startsWith('/anon_hugepage')
  const mappings = isHugePage && known[0].limit === known[1].start ? known.slice(1) : [...known]
  const main = mappings.at(0)
  if (main !== undefined && main.start - main.offset === MAIN_START) {
    main.start = MAIN_START
    main.offset = 0n
  }
  const other = { start: 0n, limit: 2n ** 64n - 1n, offset: 0n, file: '', buildId: '' }
  for (const location of locations) {
    const { address } = location
    if (address === 0n) continue
    location.mapping =
      mappings.find(({ start, limit }) => start <= address && address < limit) ??
      extended(mappings, address) ??
      other
    if (location.mapping === other && !mappings.includes(other)) mappings.push(other)
  }
  return mappings
}

/** The mapping whose first part was left out, with that part. */
function extended(mappings: readonly LegacyMapping[], address: bigint): LegacyMapping | undefined {
  const mapping = mappings.find(
    ({ start, offset }) =>
      offset !== 0n && BigInt.asUintN(64, start - offset) <= address && address < start,
  )
  if (mapping === undefined) return undefined
  mapping.start = BigInt.asUintN(64, mapping.start - mapping.offset)
  mapping.offset = 0n
  return mapping
}
