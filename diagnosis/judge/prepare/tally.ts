import {
  cpuPeriodNs,
  NONE,
  type Profile,
  type SampleKind,
  sampleKindOf,
  type ValueColumn,
} from '../../../profile/index.ts'
import { ROOT_STATE, type StackRun, type StateRow } from '../../pattern/stack-run.ts'
import type { CompiledClass } from '../../rule/rule-set.ts'
import type { Predicate, Reads } from '../../rule/rule.ts'
import type { WaitLabels } from './wait-labels.ts'

/** The values of one sample type, summed by the state their stacks end in. */
export interface Tally {
  readonly reads: Reads
  readonly unit: string
  readonly kind: SampleKind
  /** One for each sample of the profile; noise has none. */
  readonly values: Float64Array
  readonly counts: Float64Array
  readonly stateOfSample: Int32Array
  readonly valueOfState: Float64Array
  readonly countOfState: Float64Array
  /** Row of the partition; the row after the last is `mutator`. */
  readonly classOfState: Int32Array
  /** The longest wait in minutes of the samples of each state; 0 if the profile has no wait times. */
  readonly minutesOfState: Float64Array
  /** The same of each sample. */
  readonly minutes: Float64Array
  readonly total: Sum
  /** Duration over which the values were collected; `null` if the profile does not state it. */
  readonly durationNs: number | null
}

export interface Sum {
  readonly value: number
  readonly count: number
  /** The longest wait in minutes; 0 if the profile has no wait times. */
  readonly minutes: number
}

interface Columns {
  readonly value: string
  readonly count: string | null
}

const COLUMNS: Readonly<Record<Reads, Columns>> = {
  cpu: { value: 'cpu', count: 'samples' },
  goroutine: { value: 'goroutine', count: null },
  goroutineleak: { value: 'goroutineleak', count: null },
  block: { value: 'delay', count: 'contentions' },
  mutex: { value: 'delay', count: 'contentions' },
  inuse_space: { value: 'inuse_space', count: 'inuse_objects' },
  alloc_space: { value: 'alloc_space', count: 'alloc_objects' },
  threadcreate: { value: 'threadcreate', count: null },
}

export interface TallyInput {
  readonly profile: Profile
  readonly run: StackRun
  readonly partition: readonly CompiledClass[]
  readonly noise: Predicate
  readonly waits: WaitLabels | null
}

/** `null` when the profile has no such sample type. */
export function tally(
  reads: Reads,
  { profile, run, partition, noise, waits }: TallyInput,
): Tally | null {
  const columnOf = (type: string | null) =>
    profile.sampleTypes.findIndex((sampleType) => sampleType.type === type)
  const isOfDump = reads === 'goroutineleak' && waits?.isLeaked.includes(1) === true
  const valueType = columnOf(isOfDump ? COLUMNS.goroutine.value : COLUMNS[reads].value)
  if (valueType === NONE) return null
  const countType = columnOf(COLUMNS[reads].count)
  const { samples } = profile
  const column = numbersOf(samples.values[valueType])
  const values = isOfDump ? column.map((value, row) => value * waits.isLeaked[row]) : column
  const counts = countsOf(profile, reads, countType, values)
  const minutes = waits?.minutes ?? new Float64Array(samples.length)
  const minutesOfState = new Float64Array(run.stateCount)
  const stateOfSample = new Int32Array(samples.length)
  const valueOfState = new Float64Array(run.stateCount)
  const countOfState = new Float64Array(run.stateCount)
  const isNoise = statesWhere(run, noise)
  let value = 0
  let count = 0
  for (let sample = 0; sample < samples.length; sample++) {
    const stack = samples.stack[sample]
    const state = stack === NONE ? ROOT_STATE : run.stateOfStack[stack]
    stateOfSample[sample] = state
    if (isNoise[state] === 1) {
      values[sample] = 0
      counts[sample] = 0
      continue
    }
    if (values[sample] !== 0) {
      minutesOfState[state] = Math.max(minutesOfState[state], minutes[sample])
    }
    valueOfState[state] += values[sample]
    countOfState[state] += counts[sample]
    value += values[sample]
    count += counts[sample]
  }
  return {
    reads,
    unit: profile.sampleTypes[valueType].unit,
    kind: sampleKindOf(profile, valueType),
    values,
    counts,
    stateOfSample,
    valueOfState,
    countOfState,
    classOfState: classesOf(run, partition),
    minutes,
    minutesOfState,
    total: { value, count, minutes: longest(minutesOfState) },
    durationNs: profile.durationNs > 0n ? Number(profile.durationNs) : null,
  }
}

function longest(minutes: Float64Array): number {
  return minutes.reduce((most, each) => Math.max(most, each), 0)
}

/** 1 for each state in which the predicate holds. */
export function statesWhere(run: StackRun, { any, all, none }: Predicate): Uint8Array {
  const states = new Uint8Array(run.stateCount)
  if (any.length === 0) states.fill(1)
  for (const path of any) mark(states, run.statesOf(path), 1)
  for (const path of all) {
    const both = new Uint8Array(run.stateCount)
    for (const state of run.statesOf(path)) both[state] = states[state]
    states.set(both)
  }
  for (const path of none) mark(states, run.statesOf(path), 0)
  return states
}

function mark(states: Uint8Array, rows: readonly StateRow[], value: 0 | 1): void {
  for (const row of rows) states[row] = value
}

function classesOf(run: StackRun, partition: readonly CompiledClass[]): Int32Array {
  const classes = new Int32Array(run.stateCount).fill(partition.length)
  for (let row = partition.length - 1; row >= 0; row--) {
    const states = statesWhere(run, partition[row].predicate)
    for (let state = 0; state < states.length; state++)
      if (states[state] === 1) classes[state] = row
  }
  return classes
}

/** A copy as numbers: sums of single samples are far below 2^53 even where the profile's total is not. */
function numbersOf(column: ValueColumn): Float64Array {
  return column instanceof Float64Array ? column.slice() : Float64Array.from(column, Number)
}

/** How often it was sampled, which is what confidence rests on. */
function countsOf(profile: Profile, reads: Reads, countType: number, values: Float64Array) {
  if (countType !== NONE) return numbersOf(profile.samples.values[countType])
  if (reads !== 'cpu') return values.slice()
  const periodNs = cpuPeriodNs(profile, values)
  return values.map((value) => value / periodNs)
}
