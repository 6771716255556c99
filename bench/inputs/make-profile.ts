import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { constants, createGzip } from 'node:zlib'
import { type GoLikeFunc, type GoLikeLocation, makeFuncs } from './go-like-funcs.ts'
import { encodeGoLike, type GoLikeSample } from './encode-go-like.ts'
import { type Random, seededRandom } from './seeded-random.ts'

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
/** New stacks branch off one of the last so many: a profile of any size takes little memory to make. */
const KNOWN_STACKS_MAX = 2 ** 15

/**
 * A CPU profile like those of Go servers, as inflated profile.proto: 3,000 functions; every stack another, up to 64
 * deep, most of them a known stack with another end above a trunk that many share, like a handler chain; values with
 * a long tail; a label on each sample. Equal options give equal bytes.
 */
export function makeProfile(options: MakeProfileOptions): Uint8Array {
  return Buffer.concat([...profileChunks(options)])
}

/** The same, gzipped into a file, without holding it: 300 MB are as good as 3. */
export async function writeProfile(path: string, options: MakeProfileOptions): Promise<void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED })
  await pipeline(Readable.from(profileChunks(options)), gzip, createWriteStream(path))
}

function profileChunks({ seed, ...limits }: MakeProfileOptions): Iterable<Uint8Array> {
  const random = seededRandom(seed)
  const funcs = makeFuncs(random)
  return encodeGoLike(funcs, makeSamples(funcs, random, limits), PERIOD_NS)
}

function* makeSamples(
  funcs: readonly GoLikeFunc[],
  random: Random,
  { sampleCount, nodeCountMax }: Omit<MakeProfileOptions, 'seed'>,
): Generator<GoLikeSample> {
  const extend = (stack: readonly GoLikeLocation[], frameCount: number) => {
    const extended = [...stack]
    const depth = Math.min(stack.length + frameCount, STACK_DEPTH_MAX)
    while (extended.length < depth) {
      const caller = extended.at(-1)
      const func = caller === undefined ? random.below(8) : random.pick(caller.callees)
      extended.push(random.pick(funcs[func]?.locations ?? []))
    }
    return extended
  }
  const known = Array.from({ length: TRUNK_COUNT }, () =>
    extend([], TRUNK_DEPTH_MIN + random.below(12)),
  )
  const sampleOf = (stack: readonly GoLikeLocation[]) => {
    const value = Math.max(1, Math.floor(1 / (random.next() + 0.001) ** 1.2))
    return { stack, value }
  }
  yield* known.map(sampleOf)
  let nodeCount = known.flat().length
  for (let sample = known.length; sample < sampleCount && nodeCount < nodeCountMax; sample++) {
    const near = random.pick(known)
    const room = near.length - TRUNK_DEPTH_MIN
    const branch = near.slice(0, near.length - random.skewed(room / 2 + 1) - 1)
    const stack = extend(branch, 1 + random.below(BRANCH_FRAMES_MAX))
    for (const { lines } of stack.slice(branch.length)) nodeCount += lines.length
    known[sample % KNOWN_STACKS_MAX] = stack
    yield sampleOf(stack)
  }
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
  await writeProfile(flags.output, {
    seed: Number(flags.seed),
    sampleCount: Number(flags.samples),
    nodeCountMax: Number(flags.nodes),
  })
}
