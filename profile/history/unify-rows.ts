import type { Block } from './block.ts'
import { tablesOnly } from './block-of-profile.ts'
import { TableMerger } from '../combine/table-merger.ts'
import { NONE, type Profile } from '../types.ts'
import { PairIndex } from '../columns/pair-index.ts'

/** The rows of several blocks as those of one set of tables. */
export interface UnifiedRows {
  /** As `Block.tables`. */
  readonly tables: Profile
  /** Of each block: the unified row of each of its rows, NONE for rows that are not in use. */
  readonly rowsOf: readonly Int32Array[]
}

/** `used[block]` has 1 for each row in use; without it all are. A single block keeps its rows then. */
export function unifyRows(blocks: readonly Block[], used?: readonly Uint8Array[]): UnifiedRows {
  const [first] = blocks
  if (blocks.length === 1 && used === undefined) {
    return { tables: first.tables, rowsOf: [rowNumbers(first.tables.samples.length)] }
  }
  const merger = new TableMerger()
  const pairs = new PairIndex()
  const rowsOf = blocks.map(({ tables }, index) => {
    const { samples } = tables
    const isUsed = used?.[index] ?? new Uint8Array(samples.length).fill(1)
    const { pathOf, setOf } = merger.add(tables, isUsed)
    const rows = new Int32Array(samples.length).fill(NONE)
    for (let row = 0; row < rows.length; row++) {
      if (isUsed[row] === 0) continue
      const stack = samples.stack[row]
      const path = stack === NONE ? NONE : pathOf[stack]
      rows[row] = pairs.idOf(path + 1, setOf[samples.labelSet[row]])
    }
    return rows
  })
  const { first: paths, second: sets } = pairs.finish()
  const { stack, ...tables } = merger.finish(paths.map((path) => path - 1))
  const samples = {
    length: pairs.length,
    stack,
    labelSet: Uint32Array.from(sets),
    values: [],
    inferredDepth: null,
  }
  return { tables: { ...tablesOnly(first.tables), ...tables, samples }, rowsOf }
}

function rowNumbers(length: number): Int32Array {
  return Int32Array.from({ length }, (_, row) => row)
}
