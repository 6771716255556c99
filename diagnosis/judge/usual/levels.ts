import { NONE } from '../../../profile/index.ts'
import type { Levels } from '../facts/baseline.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'
import { sumPlaces } from './places.ts'

/** Of one function. */
export interface Level {
  readonly mean: number
  readonly squares: number
  readonly highest: number
}

export const TOTAL_KEY = 0
/** Of fewer samples (of 10 ms each) nothing can be said. */
const NS_MIN = 3 * 10_000_000
const FUNCTIONS_MAX = 250

/** FNV-1a; never TOTAL_KEY. */
export function keyOfFunction(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0 || 1
}

/** The key of what a function needs beside all that it calls of other functions. */
export function keyOfSelf(name: string): number {
  return keyOfFunction(`self ${name}`)
}

/** The levels of a CPU profile; null without a duration. */
export function levelsOf(subject: Subject, tally: Tally): Levels | null {
  const { durationNs } = tally
  if (durationNs === null) return null
  const { names, values, selves } = sumPlaces(allSamples(tally), subject, tally)
  const most = (keyOf: (name: string) => number, column: Float64Array) =>
    names
      .map((name, place) => [keyOf(name), column[place]] as const)
      .filter(([, value]) => value >= NS_MIN)
      .sort(([, a], [, b]) => b - a)
      .slice(0, FUNCTIONS_MAX)
      .map(([key, value]) => [key, value / durationNs] as const)
  const cores = new Map([...most(keyOfFunction, values), ...most(keyOfSelf, selves)])
  return levelsFrom(cores.set(TOTAL_KEY, tally.total.value / durationNs))
}

/** The levels of one capture, from cores by key. */
function levelsFrom(cores: ReadonlyMap<number, number>): Levels {
  const keys = Uint32Array.from(cores.keys()).sort()
  const means = Float32Array.from(keys, (key) => cores.get(key) ?? 0)
  return { captureCount: 1, keys, means, squares: new Float32Array(keys.length), highest: means }
}

function allSamples({ values }: Tally): readonly number[] {
  return Array.from(values.keys()).filter((sample) => values[sample] !== 0)
}

const NOTHING: Level = { mean: 0, squares: 0, highest: 0 }

export function levelIn(levels: Levels, key: number): Level {
  const row = rowOf(levels.keys, key)
  if (row === NONE) return NOTHING
  return {
    mean: levels.means[row],
    squares: levels.squares[row],
    highest: levels.highest[row],
  }
}

function rowOf(keys: Uint32Array, key: number): number {
  let [low, high] = [0, keys.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    if (keys[middle] === key) return middle
    if (keys[middle] < key) low = middle + 1
    else high = middle - 1
  }
  return NONE
}

/** The levels of all captures together. https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance, parallel. */
export function mergeLevels(parts: readonly Levels[]): Levels {
  const captureCount = parts.reduce((sum, part) => sum + part.captureCount, 0)
  const keys = new Set(parts.flatMap((part) => [...part.keys]))
  const merged = [...keys].map((key) => ({ key, ...mergeLevel(parts, key) }))
  const kept = merged
    .sort(
      (a, b) => Number(b.key === TOTAL_KEY) - Number(a.key === TOTAL_KEY) || b.highest - a.highest,
    )
    .slice(0, 4 * FUNCTIONS_MAX)
    .sort((a, b) => a.key - b.key)
  return {
    captureCount,
    keys: Uint32Array.from(kept, ({ key }) => key),
    means: Float32Array.from(kept, ({ mean }) => mean),
    squares: Float32Array.from(kept, ({ squares }) => squares),
    highest: Float32Array.from(kept, ({ highest }) => highest),
  }
}

export function mergeLevel(parts: readonly Levels[], key: number): Level {
  let [count, mean, squares, highest] = [0, 0, 0, 0]
  for (const part of parts) {
    const own = levelIn(part, key)
    const total = count + part.captureCount
    const step = own.mean - mean
    mean += (step * part.captureCount) / total
    squares += own.squares + (step * step * count * part.captureCount) / total
    highest = Math.max(highest, own.highest)
    count = total
  }
  return { mean, squares, highest }
}
