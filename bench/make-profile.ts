import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { makeFuncs } from './go-like-funcs.ts'
import type { GoLikeLocation } from './go-like-funcs.ts'
import { encodeGoLike } from './encode-go-like.ts'
import { seededRandom } from './seeded-random.ts'

export interface MakeProfileOptions {
  readonly seed: number
  readonly sampleCount: number
  /** Or stop at about this many nodes of the call tree; `Infinity` stops at the samples alone. */
  readonly nodeCountMax: number
}

const STACK_DEPTH_MAX = 64
const TRUNK_COUNT = 24
const TRUNK_DEPTH_MIN = 36
const BRANCH_FRAMES_MAX = 7
const PERIOD_NS = 10_000_000

/**
 * A CPU profile like those of Go servers, as inflated profile.proto: 3,000 functions; every stack another, up to 64
 * deep, most of them a known stack with another end above a trunk that many share, like a handler chain; values with
 * a long tail; a label on each sample. Equal options give equal bytes.
 */
export function makeProfile({ seed, sampleCount, nodeCountMax }: MakeProfileOptions): Uint8Array {
  const random = seededRandom(seed)
  const funcs = makeFuncs(random)
  const extend = (stack: readonly GoLikeLocation[], frameCount: number) => {
    const extended = [...stack]
    const depth = Math.min(stack.length + frameCount, STACK_DEPTH_MAX)
    while (extended.length < depth) {
      const caller = extended.at(-1)
      const func = caller === undefined ? random.below(8) : random.pick(caller.callees)
      extended.push(random.pick(funcs[func].locations))
    }
    return extended
  }
  const stacks = Array.from({ length: TRUNK_COUNT }, () =>
    extend([], TRUNK_DEPTH_MIN + random.below(12)),
  )
  let nodeCount = stacks.flat().length
  while (stacks.length < sampleCount && nodeCount < nodeCountMax) {
    const known = random.pick(stacks)
    const room = known.length - TRUNK_DEPTH_MIN
    const branch = known.slice(0, known.length - random.skewed(room / 2 + 1) - 1)
    const stack = extend(branch, 1 + random.below(BRANCH_FRAMES_MAX))
    for (const { lines } of stack.slice(branch.length)) nodeCount += lines.length
    stacks.push(stack)
  }
  const values = stacks.map(() => Math.max(1, Math.floor(1 / (random.next() + 0.001) ** 1.2)))
  return encodeGoLike(funcs, stacks, values, PERIOD_NS)
}

if (import.meta.main) {
  const { values: flags } = parseArgs({
    options: {
      samples: { type: 'string', default: '200000' },
      nodes: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      output: { type: 'string', short: 'o', default: 'synthetic.pb.gz' },
    },
  })
  const profile = makeProfile({
    seed: Number(flags.seed),
    sampleCount: Number(flags.samples),
    nodeCountMax: Number(flags.nodes),
  })
  writeFileSync(flags.output, gzipSync(profile))
}
