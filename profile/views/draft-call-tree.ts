import { NONE } from '../types.ts'
import type { Profile, ValueColumn } from '../types.ts'
import type { FrameNames, NameIndex } from './frame-names.ts'

/** A row of a call tree. */
export type TreeNode = number

/** The node that everything hangs from. */
export const ROOT: TreeNode = 0

export interface CallTreeInput {
  readonly profile: Profile
  /** A value for each sample. */
  readonly values: ValueColumn
  readonly frameNames: FrameNames
}

/** A call tree whose nodes lie callers first, else in the order they were met; node 0 is the root. */
export interface DraftTree {
  readonly length: number
  readonly names: readonly string[]
  readonly name: Uint32Array
  readonly parent: Int32Array
  readonly flat: ValueColumn
  readonly cum: ValueColumn
  /** `null` where nothing was inferred. */
  readonly inferredCum: ValueColumn | null
  readonly isInlined: Uint8Array
}

/** Merges the stacks of samples that have a value by the names of their frames, and sums the values up. */
export function draftCallTree(input: CallTreeInput, rootName: string): DraftTree {
  const { profile, values, frameNames } = input
  const isUsed = stacksInUse(profile, values)
  const nodes = createNodes(1 + countOnes(isUsed))
  const isRepaired = profile.samples.inferredDepth !== null
  const sums = {
    flat: zerosLike(values, nodes.capacity),
    inferred: isRepaired ? zerosLike(values, nodes.capacity) : null,
  }
  addNode(nodes, NONE, frameNames.names.length)
  nodes.isInlined[ROOT] = 0
  addSamples(input, addStacks(input, nodes, isUsed), sums)
  const cum = sums.flat.slice()
  addToCallers(cum, nodes)
  if (sums.inferred !== null) addToCallers(sums.inferred, nodes)
  const names = [...frameNames.names, rootName]
  return { ...nodes, names, flat: sums.flat, cum, inferredCum: sums.inferred }
}

/** 1 for a stack that a sample with a value ends in or passes. */
function stacksInUse({ samples, stacks }: Profile, values: ValueColumn): Uint8Array {
  const isUsed = new Uint8Array(stacks.length)
  for (let sample = 0; sample < samples.length; sample++) {
    const stack = samples.stack[sample]
    if (stack !== NONE && Number(values[sample]) !== 0) isUsed[stack] = 1
  }
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (isUsed[stack] === 1 && stacks.parent[stack] !== NONE) isUsed[stacks.parent[stack]] = 1
  }
  return isUsed
}

function countOnes(column: Uint8Array): number {
  let count = 0
  for (const one of column) count += one
  return count
}

interface DraftNodes {
  length: number
  readonly capacity: number
  readonly name: Uint32Array
  readonly parent: Int32Array
  readonly isInlined: Uint8Array
  /** The first child of each node, or `NONE`. Most nodes have no other, and it lies near them. */
  readonly firstChild: Int32Array
  /** An open-addressing hash table of all other nodes by parent and name; a slot holds the node, or `NONE`. */
  readonly slots: Int32Array
}

function createNodes(capacity: number): DraftNodes {
  let slotCount = 16
  while (slotCount < capacity * 2) slotCount *= 2
  return {
    length: 0,
    capacity,
    name: new Uint32Array(capacity),
    parent: new Int32Array(capacity),
    isInlined: new Uint8Array(capacity).fill(1),
    firstChild: new Int32Array(capacity).fill(NONE),
    slots: new Int32Array(slotCount).fill(NONE),
  }
}

function addNode(nodes: DraftNodes, parent: TreeNode, name: NameIndex): TreeNode {
  const node = nodes.length++
  nodes.parent[node] = parent
  nodes.name[node] = name
  return node
}

function childOf(nodes: DraftNodes, parent: TreeNode, name: NameIndex): TreeNode {
  const first = nodes.firstChild[parent]
  if (first === NONE) return (nodes.firstChild[parent] = addNode(nodes, parent, name))
  if (nodes.name[first] === name) return first
  const mask = nodes.slots.length - 1
  const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b)
  let slot = (hash ^ (hash >>> 15)) & mask
  for (;;) {
    const node = nodes.slots[slot]
    if (node === NONE) return (nodes.slots[slot] = addNode(nodes, parent, name))
    if (nodes.parent[node] === parent && nodes.name[node] === name) return node
    slot = (slot + 1) & mask
  }
}

/** Returns the node of each stack in use. */
function addStacks(input: CallTreeInput, nodes: DraftNodes, isUsed: Uint8Array): Int32Array {
  const { stacks, frames, locations } = input.profile
  const { frameName } = input.frameNames
  const nodeOf = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (isUsed[stack] === 0) continue
    const caller = stacks.parent[stack] === NONE ? ROOT : nodeOf[stacks.parent[stack]]
    const frame = stacks.frame[stack]
    if (frameName[frame] === NONE) {
      nodeOf[stack] = caller
      continue
    }
    const node = childOf(nodes, caller, frameName[frame])
    if (locations.frameStart[frames.location[frame]] === frame) nodes.isInlined[node] = 0
    nodeOf[stack] = node
  }
  return nodeOf
}

interface Sums {
  readonly flat: ValueColumn
  readonly inferred: ValueColumn | null
}

function addSamples({ profile, values }: CallTreeInput, nodeOf: Int32Array, sums: Sums): void {
  const { samples, stacks } = profile
  const depth = sums.inferred === null ? null : depthsOf(stacks.parent)
  for (let sample = 0; sample < samples.length; sample++) {
    let stack = samples.stack[sample]
    addValue(sums.flat, stack === NONE ? ROOT : nodeOf[stack], values[sample])
    const inferredDepth = samples.inferredDepth?.[sample] ?? 0
    if (sums.inferred === null || depth === null || inferredDepth === 0) continue
    while (stack !== NONE && depth[stack] > inferredDepth) stack = stacks.parent[stack]
    if (stack !== NONE) addValue(sums.inferred, nodeOf[stack], values[sample])
  }
}

/** 1 for a stack of one frame. */
function depthsOf(parent: Int32Array): Uint32Array {
  const depth = new Uint32Array(parent.length)
  for (let stack = 0; stack < parent.length; stack++) {
    depth[stack] = parent[stack] === NONE ? 1 : depth[parent[stack]] + 1
  }
  return depth
}

function zerosLike(values: ValueColumn, length: number): ValueColumn {
  return values instanceof Float64Array ? new Float64Array(length) : new BigInt64Array(length)
}

function addValue(sums: ValueColumn, node: TreeNode, value: number | bigint): void {
  if (sums instanceof Float64Array) sums[node] += Number(value)
  else sums[node] += BigInt(value)
}

function addToCallers(sums: ValueColumn, nodes: DraftNodes): void {
  const { parent } = nodes
  if (sums instanceof Float64Array) {
    for (let node = nodes.length - 1; node > 0; node--) sums[parent[node]] += sums[node]
  } else {
    for (let node = nodes.length - 1; node > 0; node--) sums[parent[node]] += sums[node]
  }
}
