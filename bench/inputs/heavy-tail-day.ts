import { readFileSync } from 'node:fs'
import { readProfile } from '../../gzip/node.ts'
import {
  type LocationDraft,
  mergeProfiles,
  NONE,
  type Profile,
  ProfileBuilder,
} from '../../profile/index.ts'
import { exampleProfiles } from './example-profiles.ts'
import { seededRandom } from './seeded-random.ts'

export interface DayOptions {
  readonly seed: number
  readonly count: number
  /** How many stacks a profile draws. */
  readonly drawCount: number
  /** How many stacks there are to draw from, and how strongly draws keep to the frequent ones. */
  readonly stackCount: number
  readonly skew: number
  readonly startMs: number
  readonly stepMs: number
  /** How many times `drawCount` a profile draws; 1 without it. */
  readonly loadAt?: (index: number) => number
  /** What a profile has beside what it draws, by stack. */
  readonly extraAt?: (index: number) => ReadonlyMap<number, number>
}

export const DAY: DayOptions = {
  seed: 1,
  count: 1440,
  drawCount: 1700,
  stackCount: 60_000,
  skew: 4,
  startMs: Date.UTC(2026, 10, 28),
  stepMs: 60_000,
}

/**
 * CPU profiles of a server whose stacks have a long tail, as those of apiservers have: of each further sample a third or
 * more is a stack never seen before. Stacks are those of the example profiles, and for the rare ones a known stack that
 * ends like another.
 */
export function* heavyTailDay(options: DayOptions): Generator<Profile> {
  const base = mergeProfiles(
    exampleProfiles()
      .filter((path) => path.includes('apiserver'))
      .map((path) => readProfile(readFileSync(path))),
  )
  const paths = pathsOf(base)
  const random = seededRandom(options.seed)
  for (let index = 0; index < options.count; index++) {
    const counts = new Map<number, number>()
    const drawCount = Math.round(options.drawCount * (options.loadAt?.(index) ?? 1))
    for (let draw = 0; draw < drawCount; draw++) {
      const stack = Math.floor(options.stackCount * random.next() ** options.skew)
      counts.set(stack, (counts.get(stack) ?? 0) + 1)
    }
    for (const [stack, count] of options.extraAt?.(index) ?? []) {
      counts.set(stack, (counts.get(stack) ?? 0) + count)
    }
    const atMs = options.startMs + index * options.stepMs
    yield profileOf(base, { counts, paths, atMs })
  }
}

interface Drawn {
  readonly counts: ReadonlyMap<number, number>
  readonly paths: readonly (readonly number[])[]
  readonly atMs: number
}

function profileOf(base: Profile, { counts, paths, atMs }: Drawn): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: base.sampleTypes,
    periodType: base.periodType,
    period: base.period,
    timeNs: BigInt(atMs) * 1_000_000n,
    durationNs: 30_000_000_000n,
  })
  builder.mapping({
    start: base.mappings.start[0] ?? 0n,
    limit: base.mappings.limit[0] ?? 0n,
    file: 'kube-apiserver',
    flags: 15,
  })
  const known = new Map<number, number>()
  const locationOf = (location: number) => {
    const row = known.get(location) ?? builder.location(draftOf(base, location, builder))
    known.set(location, row)
    return row
  }
  for (const [stack, count] of counts) {
    const locations = pathOf(paths, stack).map(locationOf)
    builder.sample({ locations, values: [count, count * Number(base.period)] })
  }
  return builder.finish()
}

/** A known path, or for higher numbers one that ends like another. */
function pathOf(paths: readonly (readonly number[])[], stack: number): readonly number[] {
  const own = paths[stack % paths.length] ?? []
  const round = Math.floor(stack / paths.length)
  if (round === 0) return own
  const other = paths[(stack * 31 + round * 7) % paths.length] ?? []
  return [
    ...own.slice(0, Math.max(1, own.length - (round % 3) - 1)),
    ...other.slice(-1 - (round % 2)),
  ]
}

/** The locations of each sample, root first. */
function pathsOf({ samples, stacks, frames, locations }: Profile): number[][] {
  return Array.from(samples.stack, (leaf) => {
    const path: number[] = []
    for (let stack = leaf; stack !== NONE; stack = stacks.parent[stack] ?? NONE) {
      const frame = stacks.frame[stack] ?? 0
      const location = frames.location[frame] ?? 0
      if (locations.frameStart[location] === frame) path.unshift(location)
    }
    return path
  })
}

function draftOf(profile: Profile, location: number, builder: ProfileBuilder): LocationDraft {
  const { locations, frames, funcs, strings } = profile
  const lines = []
  const end = locations.frameStart[location + 1] ?? 0
  for (let frame = locations.frameStart[location] ?? 0; frame < end; frame++) {
    const func = frames.func[frame] ?? NONE
    const text = (column: Uint32Array) => strings[column[func] ?? 0] ?? ''
    lines.push({
      func: builder.func({
        name: text(funcs.name),
        file: text(funcs.file),
        startLine: funcs.startLine[func] ?? 0,
      }),
      line: frames.line[frame] ?? 0,
    })
  }
  return { mapping: 0, address: locations.address[location] ?? 0n, lines }
}
