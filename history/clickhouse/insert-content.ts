import { NONE } from '../../profile/index.ts'
import type { NumberedKind, NumberedRows } from '../../store/index.ts'
import type { ClickhouseConnection } from './connection.ts'
import type { FrameContent, StackContent } from '../numbered/content.ts'
import { pathText } from '../numbered/frame-paths.ts'
import { MARK_LEAF, markOf, MARK_STACK } from '../numbered/marks.ts'
import {
  type NumberedContent,
  type NumberedPart,
  type ProfileContent,
  TYPES_MAX,
} from '../numbered/pack-numbered.ts'
import { NativeColumns } from '../numbered/native-columns.ts'
import { DAY_MS } from '../tiers.ts'
import { LEVELS } from './schema.ts'

const { hour, fine } = LEVELS
/** Statements of fewer names are parsed in a few milliseconds. */
const HASHES_MAX = 20_000

/** Gives numbers to the frames and stacks of ClickHouse, and remembers the last ones. */
export interface ContentNumbers {
  frames(contents: readonly FrameContent[]): Promise<readonly number[]>
  /** `frameNumbers` are those of the frames that `contents` name by index. */
  stacks(
    contents: readonly StackContent[],
    frameNumbers: readonly number[],
  ): Promise<readonly number[]>
}

export function openContentNumbers(
  clickhouse: ClickhouseConnection,
  rows: Pick<NumberedRows, 'reserve'>,
): ContentNumbers {
  const frames = numbersOf(clickhouse, rows, 'frame')
  const stacks = numbersOf(clickhouse, rows, 'stack')
  return {
    frames: (contents) =>
      frames(contents, (added) => added.map(({ hash, body }) => ({ hash, fields: [body] }))),
    stacks: (contents, frameNumbers) =>
      stacks(contents, (added) =>
        added
          .map(({ hash, frames: path, labels }) => {
            return { hash, labels, path: pathText(path, frameNumbers) }
          })
          // Stacks that begin alike are read faster, and stored in less, one after the other.
          .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
          .map(({ hash, labels, path }) => ({ hash, fields: [[], labels, path] })),
      ),
  }
}

/** What becomes a row, but for its number. */
interface Entry {
  readonly hash: string
  /** What follows number and hash. */
  readonly fields: readonly unknown[]
}

const KNOWN_MAX = 300_000

/**
 * Numbers of contents: those that ClickHouse has, and new ones for the rest. Two workers may give one content two
 * numbers; readers show them as one. A number never stands for two contents.
 */
function numbersOf(
  clickhouse: ClickhouseConnection,
  rows: Pick<NumberedRows, 'reserve'>,
  kind: 'frame' | 'stack',
) {
  let known = new Map<string, number>()
  return async <Content extends { readonly hash: string }>(
    contents: readonly Content[],
    entriesOf: (added: readonly Content[]) => readonly Entry[],
  ): Promise<readonly number[]> => {
    if (known.size > KNOWN_MAX) known = new Map()
    const asked = [...new Set(contents.map(({ hash }) => hash))].filter((hash) => !known.has(hash))
    for (let start = 0; start < asked.length; start += HASHES_MAX) {
      const hashes = asked.slice(start, start + HASHES_MAX).join(',')
      const found = new NativeColumns(
        await clickhouse.read(
          `SELECT hash, min(number) FROM ${kind}_numbers WHERE hash IN ` +
            `(SELECT arrayJoin(CAST('[${hashes}]', 'Array(UInt128)'))) GROUP BY hash FORMAT Native`,
        ),
      )
      const numbers = found.u32(1)
      for (const [row, hash] of found.hashes(0).entries()) known.set(hash, numbers[row] ?? 0)
    }
    const byHash = new Map(contents.map((content) => [content.hash, content]))
    const added = entriesOf([...byHash.values()].filter(({ hash }) => !known.has(hash)))
    if (added.length > 0) {
      const first = await rows.reserve(kind, added.length)
      await clickhouse.insert(
        `${kind}s`,
        added.map(({ hash, fields }, index) => JSON.stringify([first + index, hash, ...fields])),
      )
      added.forEach(({ hash }, index) => known.set(hash, first + index))
    }
    return contents.map(({ hash }) => known.get(hash) ?? 0)
  }
}

/** The largest number that was given out; 0 where none was. */
export async function newestNumber(
  clickhouse: ClickhouseConnection,
  kind: NumberedKind,
): Promise<number> {
  const sql = `SELECT max(toUInt64(number)) FROM ${kind}s FORMAT Native`
  return new NativeColumns(await clickhouse.read(sql)).counts(0)[0] ?? 0
}

/** Writes profiles, their samples last: a profile whose samples are there is there as a whole. */
export async function insertContent(
  clickhouse: ClickhouseConnection,
  numbers: ContentNumbers,
  { parts }: NumberedContent,
): Promise<void> {
  for (const part of parts) {
    const frameNumbers = await numbers.frames(part.frames)
    const stackNumbers = await numbers.stacks(part.stacks, frameNumbers)
    const leafNumbers = part.stacks.map(({ frames }) => frameNumbers[frames.at(-1) ?? NONE] ?? 0)
    await clickhouse.insert(
      'lines',
      part.lines.map(({ id, seriesId, body }) => JSON.stringify([seriesId, id, body])),
    )
    await clickhouse.insert(
      'profiles',
      part.profiles.map((profile) => profileLine(part, profile)),
    )
    // One partition at a time, because an insert into several may be written in part.
    const byDay = Map.groupBy(part.profiles, ({ atMs }) => Math.floor(atMs / DAY_MS))
    for (const profiles of byDay.values()) {
      const lines = profiles.flatMap((profile) =>
        sampleLines(part, profile, { stackNumbers, leafNumbers }),
      )
      await clickhouse.insert('samples', lines)
    }
  }
}

function profileLine({ lines }: NumberedPart, profile: ProfileContent): string {
  const { line, atMs, number, timeNs, durationNs, sums, totals } = profile
  const lists = [sums, totals].map((values) => `[${values.map((value) => `"${value}"`).join(',')}]`)
  return `["${lines[line]?.id}",${startOf(atMs, hour.bucketMs)},${number},"${timeNs}","${durationNs}",${lists.join(',')}]`
}

/** Of the stacks of a part. */
interface RowNumbers {
  readonly stackNumbers: readonly number[]
  /** Of their last frames; 0 for a stack without frames. */
  readonly leafNumbers: readonly number[]
}

function sampleLines(
  { lines }: NumberedPart,
  { line, atMs, number, rows, values }: ProfileContent,
  { stackNumbers, leafNumbers }: RowNumbers,
): string[] {
  const start = `["${lines[line]?.id}",${startOf(atMs, hour.bucketMs)},`
  const middle = `,${startOf(atMs, fine.bucketMs)},${number}`
  const rest = ',0'.repeat(TYPES_MAX - values.length)
  const marks = `,${markOf(number)}`.repeat(TYPES_MAX)
  const result = [`${start}${MARK_STACK}${middle}${marks},${MARK_LEAF}]`]
  rows.forEach((row, index) => {
    const own = values.map((column) => `,${column[index]}`).join('')
    result.push(`${start}${stackNumbers[row]}${middle}${own}${rest},${leafNumbers[row]}]`)
  })
  return result
}

/** Start of the bucket, in seconds. */
function startOf(atMs: number, bucketMs: number): number {
  return (Math.floor(atMs / bucketMs) * bucketMs) / 1000
}
