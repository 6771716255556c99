import { expect, test } from 'vitest'
import { seededRandom } from '../../bench/inputs/seeded-random.ts'
import { loadRules } from '../../judge/load-rules.ts'
import { type Profile, profileFromFolded } from '../../profile/index.ts'
import { extent } from '../extent.ts'
import { followProcess } from './followed-process.ts'

const { ruleSet } = await loadRules()
/** An hour, a capture of 3 s a minute. */
const CAPTURES = 60
const ONSET = 30
const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 10, 28, 0, 17)
const SECONDS = 3
const SAMPLES_A_SECOND = 100
const SEEDS = extent(60, 1000)
const TYPES = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]
/** What the process does beside it, in samples a capture. */
const REST = {
  'main.serve;main.get;main.decode': 25,
  'main.serve;main.get;main.find': 15,
  'main.serve;main.put;main.encode': 12,
  'main.serve;main.watch': 10,
  'main.loop;main.send': 8,
}

type Random = () => number
/** How many samples there are where `mean` are on average. */
type Draw = (random: Random, mean: number) => number

interface Claim {
  readonly name: string
  /** The captures at which it was made, and that it names; the last two are the same where it is sure. */
  readonly at: number
  readonly since: number
  readonly latest: number
}

interface Series {
  readonly claims: readonly Claim[]
  /** Samples of each capture. */
  readonly counts: readonly number[]
}

/** What is claimed in an hour in which `main.scan` goes from some cores to others. */
function hour(seed: number, [before, after]: readonly [number, number], draw: Draw): Series {
  const seeded = seededRandom(seed)
  const random = () => seeded.next()
  const followed = followProcess(ruleSet)
  const claims = new Map<string, Claim>()
  const counts: number[] = []
  for (let at = 0; at < CAPTURES; at++) {
    const cores = at < ONSET ? before : after
    const count = draw(random, cores * SECONDS * SAMPLES_A_SECOND)
    counts.push(count)
    const rest = Object.entries(REST).map(
      ([stack, mean]) => [stack, poisson(random, mean)] as const,
    )
    const atMs = START_MS + at * MINUTE_MS
    const profile = profileOf([...rest, ['main.serve;main.list;main.scan', count]], atMs)
    for (const { name, sinceMs, latestSinceMs = sinceMs } of followed.judge({ profile, atMs })) {
      const claim = { name, at, since: captureAt(sinceMs), latest: captureAt(latestSinceMs) }
      const key = JSON.stringify([name, sinceMs])
      if (!claims.has(key)) claims.set(key, claim)
    }
  }
  return { claims: [...claims.values()], counts }
}

function captureAt(atMs: number): number {
  return (atMs - START_MS) / MINUTE_MS
}

function profileOf(samples: readonly (readonly [string, number])[], atMs: number): Profile {
  const lines = samples
    .filter(([, count]) => count > 0)
    .map(([stack, count]) => `${stack} ${count} ${count * 10_000_000}`)
  return profileFromFolded(lines.join('\n'), TYPES, {
    timeNs: BigInt(atMs) * 1_000_000n,
    durationNs: BigInt(SECONDS) * 1_000_000_000n,
  })
}

/** Knuth's method. */
function poisson(random: Random, mean: number): number {
  const end = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > end; product *= random()) count++
  return count
}

/** Whose rate differs from capture to capture: a gamma law of shape 3. */
function uneven(random: Random, mean: number): number {
  const factor = -Math.log((1 - random()) * (1 - random()) * (1 - random())) / 3
  return poisson(random, mean * factor)
}

/** In every second capture twice as much, in the others nothing. */
function inBursts(random: Random, mean: number): number {
  return random() < 0.5 ? poisson(random, 2 * mean) : 0
}

function hours(cores: readonly [number, number], draw: Draw): readonly Series[] {
  return Array.from({ length: SEEDS }, (_, seed) => hour(seed + 1, cores, draw))
}

/** The first capture that shows anything of it, or the next; of one that is back, the first after two without any. */
function isRight({ since, latest }: Claim, counts: readonly number[], before: number): boolean {
  const isZero = (at: number) => counts[at] === 0
  const first = before > 0 ? ONSET : counts.findIndex((count) => count > 0)
  const isBack = since > first && isZero(since - 1) && isZero(since - 2) && !isZero(since)
  return isBack || (since <= first + 1 && latest >= first)
}

test.for<[string, readonly [number, number], Draw]>([
  ['of very few samples', [0, 0.02], poisson],
  ['of few samples', [0, 0.04], poisson],
  ['of few samples beside those of always', [0.02, 0.06], poisson],
  ['that is uneven and small', [0, 0.02], uneven],
  ['that is uneven', [0, 0.04], uneven],
  ['in bursts', [0, 0.04], inBursts],
])(
  'a rise %s is dated within two captures, or in a span that holds its first',
  ([, cores, draw]) => {
    const all = hours(cores, draw)
    const claims = all.flatMap(({ claims, counts }) =>
      claims.map((claim) => ({ ...claim, isRight: isRight(claim, counts, cores[0]) })),
    )
    expect(claims.filter(({ at, name }) => at <= ONSET || !/scan|list/.test(name))).toEqual([])
    const wrong = claims.filter(({ isRight }) => !isRight)
    // One in ten and two by chance, where there are few.
    expect(wrong.length).toBeLessThanOrEqual(0.1 * claims.length + 2)
  },
)

test('a rise that is plain is found by its second capture, dated, and once', () => {
  for (const { claims } of hours([0.05, 0.5], poisson)) {
    expect(claims).toHaveLength(1)
    expect(claims).toMatchObject([{ at: ONSET + 1, since: ONSET, latest: ONSET }])
  }
})

test.for<[string, number, Draw]>([
  ['steady', 0.02, poisson],
  ['uneven', 0.02, uneven],
])('nothing is claimed of an hour that is %s throughout', ([, cores, draw]) => {
  expect(hours([cores, cores], draw).flatMap(({ claims }) => claims)).toEqual([])
})
