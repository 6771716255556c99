import type { Block } from './block.ts'
import { type SampledTables, TableMerger } from '../combine/table-merger.ts'
import { NONE, type Profile } from '../types.ts'
import { PairIndex } from '../columns/pair-index.ts'

/** The rows of several blocks as those of one set of tables. */
export interface UnifiedRows {
  /** As `Block.tables`. */
  readonly tables: Profile
  /** Of each block: the unified row of each of its rows, NONE for rows that are not in use; null where they are the same. */
  readonly rowsOf: readonly (Int32Array | null)[]
}

/** `used[block]` has 1 for each row in use; without it all are. A single block keeps its rows then. */
export function unifyRows(
  blocks: readonly Pick<Block, 'tables'>[],
  used?: readonly Uint8Array[],
): UnifiedRows {
  const [first] = blocks
  if (blocks.length === 1 && used === undefined) {
    return { tables: first.tables, rowsOf: [null] }
  }
  const merger = new RowMerger()
  const rowsOf = blocks.map(({ tables }, block) =>
    merger.add(tables, used?.[block] ?? new Uint8Array(tables.samples.length).fill(1)),
  )
  return { tables: merger.finish(), rowsOf }
}

/** Gathers pairs of stack and label set, each once, in order of first use. */
export class RowMerger {
  readonly #tables = new TableMerger()
  readonly #pairs = new PairIndex()

  /** How many rows there are by now. */
  get length(): number {
    return this.#pairs.length
  }

  /** The row of each sample, NONE for samples that are not in use. */
  add(tables: SampledTables, isUsed: Uint8Array): Int32Array {
    const { samples } = tables
    const { pathOf, setOf } = this.#tables.add(tables, isUsed)
    const rows = new Int32Array(samples.length).fill(NONE)
    for (let sample = 0; sample < rows.length; sample++) {
      if (isUsed[sample] === 0) continue
      const stack = samples.stack[sample]
      const path = stack === NONE ? NONE : pathOf[stack]
      rows[sample] = this.#pairs.idOf(path + 1, setOf[samples.labelSet[sample]])
    }
    return rows
  }

  /** The tables as a profile without sample types, whose samples are the rows. */
  finish(): Profile {
    const { length } = this.#pairs
    const { first: paths, second: sets } = this.#pairs.finish()
    const { stack, ...tables } = this.#tables.finish(paths.map((path) => path - 1))
    const labelSet = Uint32Array.from(sets)
    return {
      ...NO_HEADER,
      ...tables,
      samples: { length, stack, labelSet, values: [], inferredDepth: null },
    }
  }
}

const NO_HEADER = {
  sampleTypes: [],
  defaultSampleType: '',
  periodType: null,
  period: 0n,
  timeNs: 0n,
  durationNs: 0n,
  comments: [],
  docUrl: '',
  dropFrames: '',
  keepFrames: '',
  warnings: [],
} as const

/** Tables without rows. */
export const EMPTY_TABLES: Profile = new RowMerger().finish()
