import { ROOT } from './call-tree.ts'
import type { CallTree } from './call-tree.ts'
import { subsystemOf } from './subsystem.ts'
import type { SubsystemId } from './subsystem-table.ts'

/** What one function cost, wherever it was called from. Shares are of `totalValue`. */
export interface TopRow {
  readonly name: string
  readonly flat: number
  /** Counted once for a stack that holds the function more than once. */
  readonly cum: number
  readonly flatShare: number
  readonly cumShare: number
  readonly subsystem: SubsystemId
}

export interface TopView {
  /** How many functions there are in all. */
  readonly rowCount: number
  readonly rows: readonly TopRow[]
}

export interface TopViewOptions {
  /** Largest first; ties by name. */
  readonly sort: 'flat' | 'cum'
  readonly rowsMax: number
  /** Rows to leave out at the front, for paging. */
  readonly rowsSkipped: number
  /** What shares are of. */
  readonly totalValue: number
}

/** The functions that cost most. */
export function topView(tree: CallTree, options: TopViewOptions): TopView {
  const { flat, cum } = sumByName(tree)
  const [first, second] = options.sort === 'flat' ? [flat, cum] : [cum, flat]
  const found: number[] = []
  for (let name = 0; name < flat.length; name++) {
    if (flat[name] !== 0 || cum[name] !== 0) found.push(name)
  }
  found.sort(
    (a, b) =>
      Math.abs(first[b]) - Math.abs(first[a]) ||
      Math.abs(second[b]) - Math.abs(second[a]) ||
      (tree.names[a] < tree.names[b] ? -1 : 1),
  )
  const shareOf = (value: number) => (options.totalValue === 0 ? 0 : value / options.totalValue)
  const rows = found
    .slice(options.rowsSkipped, options.rowsSkipped + options.rowsMax)
    .map((name) => ({
      name: tree.names[name],
      flat: flat[name],
      cum: cum[name],
      flatShare: shareOf(flat[name]),
      cumShare: shareOf(cum[name]),
      subsystem: subsystemOf(tree.names[name]),
    }))
  return { rowCount: found.length, rows }
}

/** Flat and cum of each frame name of the tree; a stack counts once towards a name's cum, however often it recurs. */
export function sumByName(tree: CallTree): { flat: Float64Array; cum: Float64Array } {
  const flat = new Float64Array(tree.names.length)
  const cum = new Float64Array(tree.names.length)
  const countedUntil = new Uint32Array(tree.names.length)
  for (let node = ROOT + 1; node < tree.length; node++) {
    const name = tree.name[node]
    flat[name] += tree.flat[node]
    if (node < countedUntil[name]) continue
    countedUntil[name] = tree.end[node]
    cum[name] += tree.cum[node]
  }
  return { flat, cum }
}
