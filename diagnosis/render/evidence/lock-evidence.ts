import { formatCount, NONE, withoutClosures } from '../../../profile/index.ts'
import { lockerOf, ownerOf } from '../../judge/match/lock-groups.ts'
import { askersOf, type Holder, holdersOf } from '../../judge/match/lock-holders.ts'
import type { SampleRow } from '../../judge/match/match-samples.ts'
import type { Subject } from '../../judge/prepare/subject.ts'
import type { Tally } from '../../judge/prepare/tally.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import { PHRASES } from '../phrases.ts'

const FUNCS_MAX = 4
const FRAMES_MAX = 6
/** How large a part of those that wait may hold the lock themselves. */
const FEW = 0.1

/** Of goroutines that wait for a lock, in a profile of goroutines: in which functions they ask for it, and which goroutines may hold it. */
export function lockEvidence(
  { measure, signal, group, subject, samples }: Verdict,
  tally: Tally,
  language: Language,
): readonly Evidence[] {
  if (measure.kind !== 'lock' || signal.reads !== 'goroutine' || group === null) return []
  const { lockWaiters, lockHolders, lockTwice, noLockHolder } = PHRASES[language]
  const askers = askersOf(samples, subject, tally)
  const waiting: Evidence = { kind: 'split', text: lockWaiters(listOf(askers)) }
  const holders = shownHolders(holdersOf(group, samples, subject, tally), tally)
  const twice = askedTwice(group, samples, subject, tally)
  const again = twice.map(({ stack: [name], value }): Evidence => {
    return { kind: 'split', text: lockTwice(formatCount(value), name) }
  })
  if (holders.length === 0 && again.length === 0)
    return [waiting, { kind: 'split', text: noLockHolder }]
  return [
    waiting,
    ...again,
    ...holders.map(({ stack, value }): Evidence => {
      return { kind: 'split', text: lockHolders(formatCount(value), stack.join(' < ')) }
    }),
  ]
}

interface Shown {
  readonly stack: readonly string[]
  readonly value: number
}

/** Those that may hold it by their shortened stacks. Few hold what many wait for, so the fewest come first. */
function shownHolders(holders: readonly Holder[], tally: Tally): readonly Shown[] {
  const found = new Map<string, Shown>()
  for (const { sample, stack: path } of holders) {
    const stack = path.length > FRAMES_MAX ? [path[0], '…', ...path.slice(1 - FRAMES_MAX)] : path
    const key = stack.join('\n')
    found.set(key, { stack, value: (found.get(key)?.value ?? 0) + tally.values[sample] })
  }
  return [...found.values()].sort((a, b) => a.value - b.value).slice(0, 2)
}

/**
 * Waiting goroutines that ask for the lock below another method of its type, which may hold it already. Where most do,
 * that method only passes on; so only what few of them do counts.
 */
function askedTwice(
  owner: string,
  waiting: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): readonly Shown[] {
  const found = new Map<string, number>()
  let total = 0
  for (const sample of waiting) {
    total += tally.values[sample]
    const above = methodAbove(owner, sample, subject)
    if (above !== null) found.set(above, (found.get(above) ?? 0) + tally.values[sample])
  }
  const few = [...found].filter(([, value]) => value <= FEW * total)
  return few.map(([name, value]) => ({ stack: [name], value })).slice(0, 2)
}

/** The nearest other method of the lock's type that called the one which asks for the lock; `null` without one. */
function methodAbove(owner: string, sample: SampleRow, subject: Subject): string | null {
  const { samples, stacks, frames } = subject.profile
  const locker = lockerOf(sample, subject)
  if (locker === NONE) return null
  const own = withoutClosures(subject.names.names[locker])
  let isPast = false
  for (let at = samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
    const func = frames.func[stacks.frame[at]]
    if (func === NONE) continue
    const name = withoutClosures(subject.names.names[func])
    if (isPast && name !== own && ownerOf(name) === owner) return name
    isPast ||= func === locker
  }
  return null
}

function listOf(values: ReadonlyMap<string, number>): string {
  return [...values]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, FUNCS_MAX)
    .map(([name, value]) => `${name} ${formatCount(value)}`)
    .join(', ')
}
