import { NONE } from '../../../profile/index.ts'
import { type SampleRow, statesOf, sumOfSamples, sumOfStates } from '../match/match-samples.ts'
import { isOwn } from '../prepare/own-funcs.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Verdict } from './verdict.ts'

/** Of the collector's work, the share that must show who causes it: less says nothing of the rest. */
const CAUSED_SHARE_MIN = 0.2

/** What share of a verdict's value the others have matched, too, 0 to 1. */
export function coverShare(verdict: Verdict, others: readonly Verdict[]): number {
  const tally = verdict.subject.tallies.get(verdict.signal.reads)
  if (tally === undefined) return 0
  const covered = new Uint8Array(verdict.subject.profile.samples.length)
  for (const { samples } of others) for (const sample of samples) covered[sample] = 1
  let total = 0
  let shared = 0
  for (const sample of causedSamples(verdict)) {
    total += tally.values[sample]
    if (covered[sample] === 1) shared += tally.values[sample]
  }
  return total > 0 && total >= CAUSED_SHARE_MIN * valueOf(verdict, tally.values)
    ? shared / total
    : 0
}

/** What share of a verdict's goroutines stand in stacks that the other looks for in another profile, 0 to 1. */
export function standingShare({ subject, signal, samples }: Verdict, other: Verdict): number {
  const tally = subject.tallies.get(signal.reads)
  if (tally === undefined) return 0
  const states = statesOf(other.measure, subject.run, tally)
  const inside = samples.filter((sample) => states[tally.stateOfSample[sample]] === 1)
  const total = sumOfSamples(samples, tally).count
  return total > 0 ? sumOfSamples(inside, tally).count / total : 0
}

/** What share of the CPU time in the stacks of a verdict's goroutines is the other's, 0 to 1; 1 where there is none. */
export function workingShare({ measure }: Verdict, other: Verdict): number {
  const tally = other.subject.tallies.get(other.signal.reads)
  if (tally === undefined) return 0
  const states = statesOf(measure, other.subject.run, tally)
  const inside = other.samples.filter((sample) => states[tally.stateOfSample[sample]] === 1)
  const total = sumOfStates(states, tally).value
  return total > 0 ? sumOfSamples(inside, tally).value / total : 1
}

function valueOf({ samples }: Verdict, values: ArrayLike<number>): number {
  return samples.reduce((sum, sample) => sum + values[sample], 0)
}

/** Whether the measure is work of Go's runtime, by class instead of by place. */
export function isOfCollector({ measure }: Verdict): boolean {
  return measure.kind === 'classes'
}

/**
 * The samples whose stacks show who causes them. Of the collector these are assists, sweeping and barriers; whose the
 * marking in the background is, its stacks do not show, so those that do stand for it.
 */
function causedSamples(verdict: Verdict): readonly SampleRow[] {
  if (!isOfCollector(verdict)) return verdict.samples
  const { samples } = verdict.subject.profile
  const hasOwn = stacksWithOwn(verdict.subject)
  return verdict.samples.filter((sample) => {
    const stack = samples.stack[sample]
    return stack !== NONE && hasOwn[stack] === 1
  })
}

const STACKS_WITH_OWN = new WeakMap<Subject, Uint8Array>()

/** By stack, 1 where a function of the program itself is on it. Looked up once for all verdicts of a profile. */
function stacksWithOwn(subject: Subject): Uint8Array {
  const known = STACKS_WITH_OWN.get(subject)
  if (known !== undefined) return known
  const { profile, names } = subject
  const { stacks, frames } = profile
  const isOwnFunc = names.names.map(isOwn)
  const hasOwn = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const func = frames.func[stacks.frame[stack]]
    const caller = stacks.parent[stack]
    const isCaused = (func !== NONE && isOwnFunc[func]) || (caller !== NONE && hasOwn[caller] === 1)
    hasOwn[stack] = isCaused ? 1 : 0
  }
  STACKS_WITH_OWN.set(subject, hasOwn)
  return hasOwn
}
