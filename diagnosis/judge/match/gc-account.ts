import type { GcAccount } from '../../../api/index.ts'
import { MUTATOR, type RuleSet } from '../../rule/rule-set.ts'
import { sumOfStates } from './match-samples.ts'
import type { Subject } from '../prepare/subject.ts'
import { statesWhere, type Tally } from '../prepare/tally.ts'

/** Where CPU time went in the collector; `null` without CPU samples. */
export function gcAccountOf(ruleSet: RuleSet, subject: Subject): GcAccount | null {
  const tally = subject.tallies.get('cpu')
  if (tally === undefined || tally.total.value === 0) return null
  const classes = classShares(ruleSet, tally)
  const shareOf = (names: readonly string[]) =>
    classes.reduce((sum, { name, share }) => (names.includes(name) ? sum + share : sum), 0)
  return {
    paidShare: shareOf(ruleSet.groups['gc.paid'] ?? []),
    idleShare: shareOf(['gc.mark.idle']),
    allocShare: shareOf(['alloc']),
    naiveShare: naiveShare(ruleSet, subject, tally),
    cores: tally.durationNs === null ? null : tally.total.value / tally.durationNs,
    classes,
  }
}

function classShares({ partition }: RuleSet, tally: Tally) {
  const values = new Float64Array(partition.length + 1)
  for (let state = 0; state < tally.classOfState.length; state++) {
    values[tally.classOfState[state]] += tally.valueOfState[state]
  }
  const names = [...partition.map(({ name }) => name), MUTATOR]
  return names.map((name, row) => ({ name, share: values[row] / tally.total.value }))
}

/** All stacks through the background worker, whatever class owns them. */
function naiveShare({ partition }: RuleSet, { run }: Subject, tally: Tally): number {
  const worker = partition.find(({ name }) => name === 'gc.mark.bg')
  if (worker === undefined) return 0
  return sumOfStates(statesWhere(run, worker.predicate), tally).value / tally.total.value
}
