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

export function pathKeys(tree: CallTree): PathKeys {
  const high = hashPaths(tree, 0x811c9dc5)
  const low = hashPaths(tree, 0x01234567)
  const keyOf = (node: TreeNode) =>
    node === ROOT ? '' : digits(high[node]) + digits(low[node]).padStart(HALF_DIGITS, '0')
  return {
    keyOf,
    nodeOf: (key) => {
      if (key === '') return ROOT
      const last = digitOf(key)
      const node = low.findIndex(
        (half, node) => node !== ROOT && half % RADIX === last && keyOf(node) === key,
      )
      return node === -1 ? null : node
    },
  }
}

function digits(half: number | undefined): string {
  return (half ?? 0).toString(RADIX)
}

/** The last digit of a key: comparing it first avoids building the keys of most other nodes. */
function digitOf(key: string): number {
  return Number.parseInt(key.slice(-1), RADIX)
}

function hashPaths(tree: CallTree, seed: number): Uint32Array {
  const hashByName = Uint32Array.from(tree.names, (name) => hashText(name, seed))
  const hashes = new Uint32Array(tree.length)
  hashes[ROOT] = seed
  for (let node = ROOT + 1; node < tree.length; node++) {
    const caller = hashes[tree.parent[node] ?? ROOT] ?? seed
    const mixed = Math.imul(caller ^ (hashByName[tree.name[node] ?? 0] ?? 0), 0x9e3779b1)
    hashes[node] = mixed ^ (mixed >>> 15)
  }
  return hashes
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashText(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash
}
