import { packageOfName } from '../names/func-names.ts'
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
  /** On which of the paths that lead to it the compiler had inlined its calls. */
  readonly inlined: InlinedCalls
}

export type InlinedCalls = 'none' | 'some' | 'all'

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
  const inlinedOf = inlinedByName(tree)
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
      inlined: inlinedOf(name),
    }))
  return { rowCount: found.length, rows }
}

function inlinedByName({ names, name, isInlined, length }: CallTree) {
  const hasInlined = new Uint8Array(names.length)
  const hasCalled = new Uint8Array(names.length)
  for (let node = ROOT + 1; node < length; node++) {
    const has = isInlined[node] === 1 ? hasInlined : hasCalled
    has[name[node]] = 1
  }
  return (index: number): InlinedCalls => {
    if (hasInlined[index] === 0) return 'none'
    return hasCalled[index] === 0 ? 'all' : 'some'
  }
}

/** What a package cost: flat sums, and cum with each stack counted once. */
export interface PackageRow {
  readonly path: string
  readonly flat: number
  readonly cum: number
}

const RUNTIME = 'runtime'

/** The packages of the tree, largest flat first. Assembler routines without a package are the runtime's. */
export function packagesView(tree: CallTree): readonly PackageRow[] {
  const paths: string[] = []
  const indexOf = new Map<string, number>()
  const groupOfName = Uint32Array.from(tree.names, (name) => {
    const path = packagePathOf(name)
    const known = indexOf.get(path)
    if (known !== undefined) return known
    indexOf.set(path, paths.length)
    return paths.push(path) - 1
  })
  const { flat, cum } = sumByGroup(tree, groupOfName, paths.length)
  return paths
    .map((path, group) => ({ path, flat: flat[group], cum: cum[group] }))
    .filter((row) => row.flat !== 0 || row.cum !== 0)
    .sort((a, b) => Math.abs(b.flat) - Math.abs(a.flat) || (a.path < b.path ? -1 : 1))
}

/** The package of a normalised name, for people. */
export function packagePathOf(name: string): string {
  const path = packageOfName(name)
  return path === name && subsystemOf(name) !== 'other' ? RUNTIME : path
}

/** Flat and cum of each frame name of the tree; a stack counts once towards a name's cum, however often it recurs. */
export function sumByName(tree: CallTree): { flat: Float64Array; cum: Float64Array } {
  const groups = Uint32Array.from(tree.names.keys())
  return sumByGroup(tree, groups, tree.names.length)
}

function sumByGroup(tree: CallTree, groupOfName: Uint32Array, groupCount: number) {
  const flat = new Float64Array(groupCount)
  const cum = new Float64Array(groupCount)
  const countedUntil = new Uint32Array(groupCount)
  for (let node = ROOT + 1; node < tree.length; node++) {
    const group = groupOfName[tree.name[node]]
    flat[group] += tree.flat[node]
    if (node < countedUntil[group]) continue
    countedUntil[group] = tree.end[node]
    cum[group] += tree.cum[node]
  }
  return { flat, cum }
}
