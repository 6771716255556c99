import * as fc from 'fast-check'
import { type Profile, ProfileBuilder, type ProfileEntry } from '../../../profile/index.ts'

/** One profile of a random day, as its process had it then. */
export interface DayProfile {
  readonly entry: ProfileEntry
  readonly profile: Profile
}

export type DayKind = 'cpu' | 'goroutine' | 'heap'

const TYPES = {
  cpu: [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ],
  goroutine: [{ type: 'goroutine', unit: 'count' }],
  heap: [
    { type: 'alloc_space', unit: 'bytes' },
    { type: 'inuse_space', unit: 'bytes' },
  ],
} as const
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const STACKS = 6

interface Step {
  readonly process: number
  /** After the step before of the same process; negative where its clock was set back. */
  readonly afterMs: number
  readonly restarts: boolean
  /** What each stack does in this step. */
  readonly work: readonly bigint[]
}

const amount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 5n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 40n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 58n }) },
)

const step: fc.Arbitrary<Step> = fc.record({
  process: fc.nat(2),
  afterMs: fc.oneof(
    { weight: 10, arbitrary: fc.constant(MINUTE_MS) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 90 * MINUTE_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: DAY_MS, max: 2 * DAY_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: -20 * MINUTE_MS, max: 0 }) },
  ),
  restarts: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
  work: fc.array(amount, { minLength: STACKS, maxLength: STACKS }),
})

/** A day of up to three processes with restarts, gaps and clock steps, in the order in which it happened. */
export const days: fc.Arbitrary<{
  readonly kind: DayKind
  readonly profiles: readonly DayProfile[]
}> = fc
  .record({
    kind: fc.constantFrom<DayKind[]>('cpu', 'goroutine', 'heap'),
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
  })
  .map(({ kind, steps }) => ({ kind, profiles: play(kind, steps) }))

function play(kind: DayKind, steps: readonly Step[]): DayProfile[] {
  const clocks = new Map<number, number>()
  const since = new Map<number, readonly bigint[]>()
  return steps.map(({ process, afterMs, restarts, work }, index) => {
    const atMs = (clocks.get(process) ?? Date.UTC(2026, 10, 28)) + afterMs
    clocks.set(process, atMs)
    const before = restarts ? [] : (since.get(process) ?? [])
    const grown = work.map((value, stack) => (before[stack] ?? 0n) + value)
    since.set(process, grown)
    const entry = {
      profileId: `p${String(index).padStart(3, '0')}`,
      series: process === 0 ? 'a' : 'b',
      process: `process ${process}`,
      atMs,
    }
    return { entry, profile: profileOf(kind, { atMs, work, grown }) }
  })
}

interface Measured {
  readonly atMs: number
  readonly work: readonly bigint[]
  readonly grown: readonly bigint[]
}

function profileOf(kind: DayKind, { atMs, work, grown }: Measured): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: TYPES[kind],
    timeNs: BigInt(atMs) * 1_000_000n,
    durationNs: kind === 'cpu' ? 30_000_000_000n : 0n,
    period: 10_000_000n,
    comments: [`host ${atMs % 3}`],
  })
  builder.mapping({ file: '/bin/server', start: 4096n })
  // Each profile has its tables in another order.
  const order = work.map((_, stack) => (stack + atMs / MINUTE_MS) % STACKS).map(Math.floor)
  for (const stack of order.map((one) => ((one % STACKS) + STACKS) % STACKS)) {
    const value = work[stack] ?? 0n
    const func = builder.func({ name: `main.work${stack}`, file: 'main.go' })
    const root = builder.func({ name: 'main.main', file: 'main.go' })
    const leaf = builder.location({
      mapping: 0,
      address: 8192n + BigInt(stack),
      lines: [{ func, line: stack }],
    })
    const caller = builder.location({
      mapping: 0,
      address: 8000n,
      lines: [{ func: root, line: 1 }],
    })
    builder.sample({
      locations: [caller, leaf],
      values: valuesOf(kind, value, grown[stack] ?? 0n),
      labels: stack === 0 ? [{ key: 'zone', text: 'eu' }] : [],
    })
  }
  return builder.finish()
}

function valuesOf(kind: DayKind, value: bigint, grown: bigint): bigint[] {
  if (kind === 'cpu') return [value % 1000n, (value % 1000n) * 10_000_000n]
  if (kind === 'goroutine') return [value]
  return [grown, value]
}

/** A day of at least so many heap profiles, the same in each run. */
export function heapDay(profileCountMin: number): readonly DayProfile[] {
  const found = fc
    .sample(days, { numRuns: 500, seed: 2 })
    .find(({ kind, profiles }) => kind === 'heap' && profiles.length >= profileCountMin)
  if (found === undefined) throw new Error('there is no such day')
  return found.profiles
}

/** Profiles of many random days, the same in each run. */
export function profilesOf(wanted: DayKind): readonly [DayProfile, ...DayProfile[]] {
  const [first, ...others] = fc
    .sample(days, { numRuns: 300, seed: 1 })
    .flatMap(({ kind, profiles }) => (kind === wanted ? profiles : []))
  if (first === undefined) throw new Error(`there is no ${wanted} profile`)
  return [first, ...others]
}
