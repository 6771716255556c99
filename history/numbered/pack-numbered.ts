import {
  type Block,
  type BlockHeader,
  type BlockShape,
  type ValueColumn,
  wholeColumns,
} from '../../profile/index.ts'
import type { NumberedPending } from '../../store/index.ts'
import { type ReadBlobs, readUnpacked } from '../blocks/read-blocks.ts'
import {
  contentOf,
  type FrameContent,
  hashOf,
  mainMappingText,
  type StackContent,
} from './content.ts'

/** As many sample types have columns of their own. */
export const TYPES_MAX = 8

export interface NumberedInput {
  readonly pending: readonly NumberedPending[]
}

/** Profiles as rows, whose frames and stacks have no numbers yet. */
export interface NumberedContent {
  /** Profiles that cannot be read, or have too many sample types. */
  readonly failedIds: readonly string[]
  readonly parts: readonly NumberedPart[]
}

/** Profiles of one shape. */
export interface NumberedPart {
  readonly lines: readonly Line[]
  readonly frames: readonly FrameContent[]
  readonly stacks: readonly StackContent[]
  readonly profiles: readonly ProfileContent[]
}

/** Profiles of one series that have the same shape and header. */
export interface Line {
  readonly id: string
  readonly seriesId: string
  /** A LineBody as JSON. */
  readonly body: string
}

export interface LineBody {
  readonly shape: BlockShape
  readonly header: Omit<BlockHeader, 'period'> & { readonly period: string }
  readonly mainMapping: string
}

export interface ProfileContent {
  readonly number: number
  /** Index in `lines`. */
  readonly line: number
  readonly atMs: number
  readonly timeNs: bigint
  readonly durationNs: bigint
  /** Of each sample type: the sum of values, and that of absolute values. */
  readonly sums: readonly bigint[]
  readonly totals: readonly bigint[]
  /** Indexes in `stacks`, and the values of each sample type. */
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
}

/** Reads profiles from their files. Throws the errors of the blob store. */
export async function packNumbered(
  blobs: ReadBlobs,
  { pending }: NumberedInput,
): Promise<NumberedContent> {
  const { blocks, failedIds } = await readUnpacked(blobs, pending)
  const numberOf = new Map(pending.map(({ profileId, number }) => [profileId, number]))
  const refused = blocks.filter((block) => !isFitting(block)).flatMap(({ members }) => members)
  return {
    failedIds: [...failedIds, ...refused.map(({ profileId }) => profileId)],
    parts: blocks.filter(isFitting).map((block) => partOf(block, numberOf)),
  }
}

function isFitting({ shape }: Block): boolean {
  return shape.sampleTypes.length <= TYPES_MAX
}

function partOf(block: Block, numberOf: ReadonlyMap<string, number>): NumberedPart {
  const { shape, headers, tables } = block
  const mainMapping = mainMappingText(tables)
  const lines: Line[] = []
  const rowOfLine = new Map<string, number>()
  const lineOf = (seriesId: string, header: BlockHeader) => {
    const body: LineBody = {
      shape,
      header: { ...header, period: header.period.toString() },
      mainMapping,
    }
    const text = JSON.stringify(body)
    const id = hashOf(`${seriesId}\n${text}`)
    const row = rowOfLine.get(id) ?? lines.push({ id, seriesId, body: text }) - 1
    rowOfLine.set(id, row)
    return row
  }
  const profiles = wholeColumns(block).flatMap(({ member, rows, values }): ProfileContent[] => {
    const number = numberOf.get(member.profileId)
    const header = headers[member.header]
    if (number === undefined || header === undefined) return []
    const { atMs, timeNs, durationNs, totals } = member
    const line = lineOf(member.series, header)
    const sums = values.map(sumOf)
    return [{ number, line, atMs, timeNs, durationNs, sums, totals, rows, values }]
  })
  return { lines, ...contentOf(block), profiles }
}

function sumOf(values: ValueColumn): bigint {
  let sum = 0n
  for (const value of values) sum += BigInt(value)
  return sum
}
