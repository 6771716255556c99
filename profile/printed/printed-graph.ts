import { CallFlow } from './call-flow.ts'
import { LineReader } from '../text/line-reader.ts'
import { printedHeader, printedPlaces, printedValue } from './printed-header.ts'
import type { Profile } from '../types.ts'

const PERCENT = String.raw`-?[\d.e-]+%`
/** `0.38s 17.12% 17.12%      0.38s 17.12%  cmpbody`; -tree has `| ` in front of the name. */
const NODE = new RegExp(
  String.raw`^\s*(\S+)\s+${PERCENT}\s+${PERCENT}\s+(\S+)\s+${PERCENT}\s+(?:\| )?(\S.*)$`,
)
/** `0.38s   100% |   cmp.Less[go.shape.string]`: a caller above its callee, a callee below its caller. */
const EDGE = new RegExp(String.raw`^\s*(\S+)\s+${PERCENT} \|   (\S.*)$`)
/** What the text leaves out of the total, so that shares are of all. */
const LEFT_OUT = '(left out by pprof)'

/**
 * `pprof -top`, `-tree` and `-peek`: flat and cum of functions, and who calls whom where it is printed. Stacks are put
 * together so that flat, cum and edges are those that are printed; without edges each function is a separate stack.
 */
export function printedGraph(text: string): Profile | null {
  const header = printedHeader(text)
  const flow = readFlow(text)
  const { builder, locationOf } = printedPlaces(header)
  const { hasEdges } = flow
  let rest = header.total ?? Number.POSITIVE_INFINITY
  flow.eachPath((names, flowing, isEnd) => {
    const value = Math.min(flowing, rest)
    if (value <= 0 || (!isEnd && !hasEdges)) return
    rest -= value
    const stack = isEnd ? names : [...names, LEFT_OUT]
    builder.sample({ locations: stack.map(locationOf), values: [value] })
  })
  if (rest > 0 && header.total !== null) {
    builder.sample({ locations: [locationOf(LEFT_OUT)], values: [rest] })
  }
  return builder.finish()
}

function readFlow(text: string): CallFlow {
  const flow = new CallFlow()
  const reader = new LineReader(text)
  let callers: { readonly name: string; readonly value: number }[] = []
  while (reader.next()) {
    const { line } = reader
    const node = NODE.exec(line)
    const edge = node === null ? EDGE.exec(line) : null
    if (node !== null) {
      const [flat, cum] = [printedValue(node[1]), printedValue(node[2])]
      const name = plainName(node[3])
      if (flat === null || cum === null) continue
      flow.node(name, flat.value, cum.value)
      for (const caller of callers) flow.edge(caller.name, name, caller.value)
      callers = []
    } else if (edge !== null) {
      callers.push({ name: plainName(edge[2]), value: printedValue(edge[1])?.value ?? 0 })
    } else if (line.startsWith('---')) callers = []
  }
  return flow
}

/** One function, inlined here or not. */
function plainName(text: string): string {
  return text.trim().replace(/ \((?:partial-)?inline\)$/, '')
}
