import type { UsualCores } from '../../../api/index.ts'
import { isStarting } from '../prepare/is-starting.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'
import { baselineOfHistory } from '../usual/baseline-of-history.ts'
import { keyOfFunction, keyOfSelf, TOTAL_KEY } from '../usual/levels.ts'
import { type PlaceSums, samplesThrough, sumPlaces } from '../usual/places.ts'
import { type Usual, usualBeforeRises, usualOf } from '../usual/usual-levels.ts'
import { datedReturn, datedRise, type ShownRise } from './dated-rise.ts'
import type { SampleRow } from './match-samples.ts'

/** A function that needs more CPU than is normal for the process, now and in the capture before. */
export interface RisenFunction {
  readonly name: string
  readonly rows: readonly SampleRow[]
  /** In cores, above usual. */
  readonly risen: number
  /** The same in standard deviations. */
  readonly z: number
  readonly usual: UsualCores
  /** Whether an earlier capture has shown it. */
  readonly isOpen: boolean
}

const NS_PER_SECOND = 1e9
const Z_MIN = 4
/** A capture shows an open rise that is farther above normal. */
const OPEN_Z_MIN = 2
/** Of the largest rise, how much a function must have that is to explain it. */
const EXPLAINED_MIN = 0.7
/** How much less of a function may be new than of the one that is new most. */
const NEW_SHARE_SLACK = 0.15
/** Smaller rises beside another one are taken to follow from it. */
const BESIDE_MIN = 0.5
/** Where most of the work grew there is more of all, to a limit. */
const LOAD_MAX = 4
/** Of a rise, how much must arrive at the callers: else a function took the place of another. */
const ARRIVING_MIN = 0.5
const CALLER_SHARE_MIN = 0.95

/**
 * The functions that rose: those that an earlier capture showed and that are not back to normal, and at most one more.
 * Of all that rose with it, callers and callees, it is the one nearest to the leaves that explains most of the rise and
 * is new for the most part.
 */
export function risenFunctions(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): readonly RisenFunction[] {
  const { durationNs } = tally
  if (durationNs === null) return []
  const baseline = subject.baseline ?? baselineOfHistory(subject, tally)
  const usual = usualOf(baseline, durationNs / NS_PER_SECOND)
  if (usual === null) return []
  const whole = tally.total.value / durationNs
  const work = { subject, usual, durationNs, whole, tally }
  const scene = { ...work, load: loadOf(samples, work) }
  const before = usualBeforeRises(baseline, durationNs / NS_PER_SECOND)
  // What a rise added to normal work would pass for a load that grows with it.
  const load = before === null ? scene.load : loadOf(samples, { ...work, usual: before })
  const found = openRises(samples, { ...scene, load })
  const taken = new Set(found.flatMap(({ rows }) => rows))
  const rest = taken.size === 0 ? samples : samples.filter((sample) => !taken.has(sample))
  const more = isStarting(subject) ? null : newRise(rest, scene)
  const largest = Math.max(0, ...found.map(({ risen }) => risen))
  return more === null || more.risen < BESIDE_MIN * largest ? found : [...found, more]
}

interface Work {
  readonly subject: Subject
  readonly tally: Tally
  readonly usual: Usual
  readonly durationNs: number
  /** Cores of the whole profile. */
  readonly whole: number
}

interface Scene extends Work {
  /** How many times the process does what it normally does. */
  readonly load: number
}

/**
 * What is as far above what was normal before it rose. One that is over must be there again in two captures, as a new one
 * must, and is dated anew.
 */
function openRises(samples: readonly SampleRow[], scene: Scene): readonly RisenFunction[] {
  const { usual, subject, tally, durationNs, load } = scene
  const open = isStarting(subject)
    ? usual.open.filter(({ endedAtMs }) => endedAtMs === null)
    : usual.open
  return open.flatMap(({ name, endedAtMs, ...before }): RisenFunction[] => {
    const isOver = endedAtMs !== null
    const rows = samplesThrough(name, samples, subject)
    const cores = rows.reduce((sum, sample) => sum + tally.values[sample], 0) / durationNs
    const level = isOver ? Math.min(cores, usual.previousOf(keyOfFunction(name))) : cores
    const normal = before.cores * load
    const noise = before.noise * load
    const risen = level - normal
    const z = risen / noise
    if (z < (isOver ? Z_MIN : OPEN_Z_MIN) || rows.length === 0) return []
    if (!isOver) return [{ name, rows, risen, z, usual: before, isOpen: true }]
    const shown = { name, cores, normal, noise, risen }
    const again = datedReturn(shown, { ...before, name, endedAtMs }, usual.captures)
    const normally = { cores: before.cores, noise: before.noise, version: before.version }
    return [
      { name, rows, risen: again.risen, z, usual: { ...normally, ...again.since }, isOpen: false },
    ]
  })
}

interface Candidate extends ShownRise {
  readonly distance: number
  /** What is normal where the process does no more of all than ever. */
  readonly usual: number
  readonly z: number
}

function newRise(samples: readonly SampleRow[], scene: Scene): RisenFunction | null {
  const { subject, tally, usual } = scene
  const sums = sumPlaces(samples, subject, tally)
  const candidates = candidatesOf(sums, scene)
  const largest = Math.max(...candidates.map(({ risen }) => risen))
  const explaining = candidates.filter(({ risen }) => risen >= EXPLAINED_MIN * largest)
  const newest = Math.max(...explaining.map(newShareOf))
  const [best] = explaining
    .filter((one) => newShareOf(one) >= newest - NEW_SHARE_SLACK)
    .toSorted((a, b) => a.distance - b.distance)
  if (best === undefined) return null
  const rows = samplesThrough(best.name, samples, subject)
  if (!arrives(best, rows, scene)) return null
  const { name, z, noise } = best
  const { kubernetesVersion } = subject
  const isNew = kubernetesVersion !== null && !usual.versions.has(kubernetesVersion)
  const version = isNew && usual.versions.size > 0 ? kubernetesVersion : null
  const { since, risen } = datedRise(best, usual.captures)
  return {
    name,
    rows,
    risen,
    z,
    usual: { cores: best.usual, noise, version, ...since },
    isOpen: false,
  }
}

/** All functions that are far above normal in this capture and in the one before. */
function candidatesOf({ names, values, distances }: PlaceSums, scene: Scene): readonly Candidate[] {
  const { usual, durationNs, load } = scene
  return names.flatMap((name, place) => {
    const cores = values[place] / durationNs
    const key = keyOfFunction(name)
    const level = Math.min(cores, usual.previousOf(key))
    if (level <= 0) return []
    const { expected, noise, highest } = usual.levelOf(key)
    const normal = expected * load
    // More work varies by more, and how much more it is was estimated.
    const z = (level - normal) / (noise * load)
    if (z < Z_MIN || level < highest + noise) return []
    const distance = distances[place]
    return [{ name, cores, distance, usual: expected, normal, noise, risen: level - normal, z }]
  })
}

/**
 * How many times the process does what it normally does, at least once: half of its work, by the functions nearest to the
 * leaves, has grown by no less.
 */
function loadOf(samples: readonly SampleRow[], { subject, tally, usual, durationNs }: Work) {
  const { names, selves } = sumPlaces(samples, subject, tally)
  const growths = names
    .map((name, place) => {
      const { expected } = usual.levelOf(keyOfSelf(name))
      return { weight: expected, growth: selves[place] / durationNs / expected }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => a.growth - b.growth)
  const half = growths.reduce((sum, { weight }) => sum + weight, 0) / 2
  let sum = 0
  const middle = growths.find(({ weight }) => (sum += weight) >= half)
  return Math.min(LOAD_MAX, Math.max(1, middle?.growth ?? 1))
}

function newShareOf({ risen, cores }: Candidate): number {
  return risen / cores
}

/** Whether the rise is one of its nearest caller that was there before, and of the process. */
function arrives(
  { name, risen, cores }: Candidate,
  rows: readonly SampleRow[],
  { subject, tally, usual, durationNs, whole }: Scene,
): boolean {
  const through = sumPlaces(rows, subject, tally)
  const own = through.names.indexOf(name)
  const callers = through.names
    .map((_, place) => place)
    .filter((place) => through.distances[place] > through.distances[own])
    .filter((place) => through.values[place] >= CALLER_SHARE_MIN * cores * durationNs)
    .filter((place) => usual.levelOf(keyOfFunction(through.names[place])).expected > 0)
    .toSorted((a, b) => through.distances[a] - through.distances[b])
  const [caller] = callers
  const levels = [{ level: whole, ...usual.levelOf(TOTAL_KEY) }]
  if (caller !== undefined) {
    const all = sumPlaces([...tally.values.keys()], subject, tally)
    const level = all.values[caller] / durationNs
    levels.push({ level, ...usual.levelOf(keyOfFunction(through.names[caller])) })
  }
  return levels.every(
    ({ level, expected, noise }) => level - expected + noise >= ARRIVING_MIN * risen,
  )
}
