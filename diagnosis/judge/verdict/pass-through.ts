import { NONE, withoutClosures } from '../../../profile/index.ts'
import type { Reads } from '../../rule/rule.ts'
import { trendOver } from './judge-rule.ts'
import type { Measured } from '../match/measured.ts'
import { type SampleRow, sumOfSamples } from '../match/match-samples.ts'
import { type MeasureNumbers, measureNumbers } from '../match/measure-numbers.ts'
import { isOwn } from '../prepare/own-funcs.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** How far from the leaf a function is still the stack's own matter, and not that of all the program. */
const FRAMES_NEAR_LEAF = 4

/**
 * The numbers of samples in a profile of another type that pass through the measured functions near the leaf: for
 * example the memory held by code in which goroutines wait. Null without such a profile.
 */
export function passThrough(
  measured: Measured,
  reads: Reads,
  subjects: readonly Subject[],
): MeasureNumbers | null {
  const near = ownFuncsOf(measured)
  for (const subject of subjects) {
    const tally = subject.tallies.get(reads)
    if (tally === undefined) continue
    const sumIn = (each: Subject, sums: Tally) =>
      sumOfSamples(samplesThrough(each, sums, near), sums)
    const sum = sumIn(subject, tally)
    const trend = trendOver(subject, tally, (each, sums) => sumIn(each, sums).value)
    return measureNumbers(sum, sum, tally, trend)
  }
  return null
}

/** The program's own functions nearest to the leaves, closures by the function they are in. */
function ownFuncsOf({ subject, samples }: Measured): ReadonlySet<string> {
  const { profile, names } = subject
  const { stacks, frames } = profile
  const near = new Set<string>()
  for (const sample of samples()) {
    let count = 0
    let at = profile.samples.stack[sample]
    for (; at !== NONE && count < FRAMES_NEAR_LEAF; at = stacks.parent[at]) {
      const func = frames.func[stacks.frame[at]]
      if (func === NONE || !isOwn(names.names[func])) continue
      near.add(withoutClosures(names.names[func]))
      count++
    }
  }
  return near
}

function samplesThrough(
  { profile, names }: Subject,
  tally: Tally,
  wanted: ReadonlySet<string>,
): readonly SampleRow[] {
  const { stacks, frames, samples } = profile
  const isWanted = names.names.map((name) => wanted.has(withoutClosures(name)))
  const passes = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const func = frames.func[stacks.frame[stack]]
    const parent = stacks.parent[stack]
    const isPassing = (func !== NONE && isWanted[func]) || (parent !== NONE && passes[parent] === 1)
    passes[stack] = isPassing ? 1 : 0
  }
  const rows: SampleRow[] = []
  for (let sample = 0; sample < samples.length; sample++) {
    const stack = samples.stack[sample]
    if (stack !== NONE && passes[stack] === 1 && tally.values[sample] !== 0) rows.push(sample)
  }
  return rows
}
