import { type CallTree, type TreeNode, ROOT } from '../../profile/index.ts'

/**
 * Keys for the nodes of a tree: two 32-bit hashes of the names from the root. Short enough for an
 * address, and equal in every profile with the same path.
 */
export interface PathKeys {
  readonly keyOf: (node: TreeNode) => string
  /** `null` when the tree has no such path. */
  readonly nodeOf: (key: string) => TreeNode | null
}

const RADIX = 36
const HALF_DIGITS = 7 // 36 ** 7 > 2 ** 32

/** The hashes of all nodes are made when a key is first looked for; until then, those of the paths that keys are asked of. */
export function pathKeys(tree: CallTree): PathKeys {
  const namesOf = [SEEDS.high, SEEDS.low].map((seed) => hashNames(tree, seed))
  const [highNames = NO_HASHES, lowNames = NO_HASHES] = namesOf
  let all: { readonly high: Uint32Array; readonly low: Uint32Array } | null = null
  const keyOf = (node: TreeNode) => {
    if (node === ROOT) return ''
    const high = all?.high[node] ?? hashPath(tree, highNames, SEEDS.high, node)
    const low = all?.low[node] ?? hashPath(tree, lowNames, SEEDS.low, node)
    return high.toString(RADIX) + low.toString(RADIX).padStart(HALF_DIGITS, '0')
  }
  const hashAll = () => ({
    high: hashPaths(tree, highNames, SEEDS.high),
    low: hashPaths(tree, lowNames, SEEDS.low),
  })
  return {
    keyOf,
    nodeOf: (key) => {
      if (key === '') return ROOT
      all ??= hashAll()
      const last = digitOf(key)
      const node = all.low.findIndex(
        (half, node) => node !== ROOT && half % RADIX === last && keyOf(node) === key,
      )
      return node === -1 ? null : node
    },
  }
}

const SEEDS = { high: 0x811c9dc5, low: 0x01234567 } as const
const NO_HASHES = new Uint32Array()

/** The last digit of a key: comparing it first avoids building the keys of most other nodes. */
function digitOf(key: string): number {
  return Number.parseInt(key.slice(-1), RADIX)
}

function hashNames(tree: CallTree, seed: number): Uint32Array {
  return Uint32Array.from(tree.names, (name) => hashText(name, seed))
}

function hashPath(tree: CallTree, names: Uint32Array, seed: number, node: TreeNode): number {
  if (node === ROOT) return seed
  const caller = hashPath(tree, names, seed, tree.parent[node] ?? ROOT)
  return mixHashes(caller, names[tree.name[node] ?? 0] ?? 0)
}

function hashPaths(tree: CallTree, names: Uint32Array, seed: number): Uint32Array {
  const hashes = new Uint32Array(tree.length)
  hashes[ROOT] = seed
  for (let node = ROOT + 1; node < tree.length; node++) {
    const caller = hashes[tree.parent[node] ?? ROOT] ?? seed
    hashes[node] = mixHashes(caller, names[tree.name[node] ?? 0] ?? 0)
  }
  return hashes
}

function mixHashes(caller: number, name: number): number {
  const mixed = Math.imul(caller ^ name, 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashText(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash
}
