import { NONE } from '../../../profile/index.ts'
import type { StackRun } from '../../pattern/stack-run.ts'
import type { SafeRegex } from '../../pattern/safe-regex.ts'
import type { Measure } from '../../rule/rule.ts'
import type { Subject } from '../prepare/subject.ts'
import { statesWhere, type Sum, type Tally } from '../prepare/tally.ts'

export type SampleRow = number

const NOT_LOOKED = -2

/** 1 for each state whose samples the measure counts. */
export function statesOf(measure: Measure, run: StackRun, tally: Tally): Uint8Array {
  if (measure.kind !== 'classes') return statesWhere(run, measure.predicate)
  const { classes } = measure
  const states = new Uint8Array(run.stateCount)
  for (let state = 0; state < states.length; state++) {
    if (classes.has(tally.classOfState[state])) states[state] = 1
  }
  return states
}

export function sumOfStates(states: Uint8Array, tally: Tally): Sum {
  let value = 0
  let count = 0
  let minutes = 0
  for (let state = 0; state < states.length; state++) {
    if (states[state] === 0) continue
    value += tally.valueOfState[state]
    count += tally.countOfState[state]
    minutes = Math.max(minutes, tally.minutesOfState[state])
  }
  return { value, count, minutes }
}

export function samplesIn(states: Uint8Array, tally: Tally): readonly SampleRow[] {
  const rows: SampleRow[] = []
  for (let sample = 0; sample < tally.stateOfSample.length; sample++) {
    const isMatch = states[tally.stateOfSample[sample]] === 1
    if (isMatch && (tally.values[sample] !== 0 || tally.counts[sample] !== 0)) rows.push(sample)
  }
  return rows
}

export function sumOfSamples(samples: readonly SampleRow[], tally: Tally): Sum {
  let value = 0
  let count = 0
  let minutes = 0
  for (const sample of samples) {
    value += tally.values[sample]
    count += tally.counts[sample]
    minutes = Math.max(minutes, tally.minutes[sample])
  }
  return { value, count, minutes }
}

/** The samples by what the expression's groups find in the first of their functions, root first; keys in order. */
export function groupSamples(
  samples: readonly SampleRow[],
  by: SafeRegex,
  { profile, names }: Subject,
): ReadonlyMap<string, readonly SampleRow[]> {
  const { stacks, frames } = profile
  const keys: string[] = []
  const keyOfFunc = new Int32Array(profile.funcs.length).fill(NOT_LOOKED)
  const lookUp = (func: number) => {
    const key = by.groupsIn(names.names[func])?.join('.') ?? null
    keyOfFunc[func] = key === null ? NONE : keys.push(key) - 1
    return keyOfFunc[func]
  }
  const groups = new Map<string, SampleRow[]>()
  for (const sample of samples) {
    let rootmost = NONE
    for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func === NONE) continue
      const key = keyOfFunc[func] === NOT_LOOKED ? lookUp(func) : keyOfFunc[func]
      if (key !== NONE) rootmost = key
    }
    if (rootmost === NONE) continue
    const rows = groups.get(keys[rootmost])
    if (rows === undefined) groups.set(keys[rootmost], [sample])
    else rows.push(sample)
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}
