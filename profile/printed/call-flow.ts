/** A path this long is a circle of calls. */
const DEPTH_MAX = 256

interface FlowNode {
  /** Not yet in a path. */
  flat: number
  cum: number
  /** What comes from callers. */
  fromCallers: number
  readonly callees: Map<string, number>
}

/**
 * Functions with their flat value and their calls, as a flow from the functions without callers. It is decomposed into
 * paths that add up to it: https://en.wikipedia.org/wiki/Flow_network
 */
export class CallFlow {
  readonly #nodes = new Map<string, FlowNode>()

  node(name: string, flat: number, cum: number): void {
    Object.assign(this.#at(name), { flat, cum })
  }

  edge(caller: string, callee: string, value: number): void {
    if (caller === callee || value <= 0) return
    this.#at(caller).callees.set(callee, value)
    this.#at(callee).fromCallers += value
  }

  get hasEdges(): boolean {
    return [...this.#nodes.values()].some(({ callees }) => callees.size > 0)
  }

  /**
   * Each path, root first, with its value; `isEnd` is false where what is below its last function is not known. Each
   * takes the rest of a node, an edge or a root.
   */
  eachPath(take: (names: readonly string[], value: number, isEnd: boolean) => void): void {
    for (const [name, node] of this.#nodes) {
      let root = Math.max(0, node.cum - node.fromCallers)
      while (root > 0) {
        const { names, value, isEnd } = this.#walk(name, root)
        root -= value
        take(names, value, isEnd)
      }
    }
    for (const [name, node] of this.#nodes) if (node.flat > 0) take([name], node.flat, true)
  }

  /** Down the widest edges to a node that spends something itself, or as far as they go. */
  #walk(root: string, value: number) {
    const names = [root]
    let amount = value
    let node = this.#at(root)
    while (node.flat <= 0 && names.length < DEPTH_MAX) {
      const [name = null, width = 0] = widest(node.callees, names)
      if (name === null) break
      amount = Math.min(amount, width)
      names.push(name)
      node = this.#at(name)
    }
    const isEnd = node.flat > 0
    if (isEnd) {
      amount = Math.min(amount, node.flat)
      node.flat -= amount
    }
    for (let depth = 1; depth < names.length; depth++) {
      const { callees } = this.#at(names[depth - 1])
      callees.set(names[depth], (callees.get(names[depth]) ?? 0) - amount)
    }
    return { names, value: amount, isEnd }
  }

  #at(name: string): FlowNode {
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    const node: FlowNode = { flat: 0, cum: 0, fromCallers: 0, callees: new Map() }
    this.#nodes.set(name, node)
    return node
  }
}

function widest(
  callees: ReadonlyMap<string, number>,
  path: readonly string[],
): readonly [string, number] | readonly [] {
  let best: readonly [string, number] | readonly [] = []
  for (const [name, width] of callees) {
    if (width > (best[1] ?? 0) && !path.includes(name)) best = [name, width]
  }
  return best
}
