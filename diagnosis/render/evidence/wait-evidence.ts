import type { Tally } from '../../judge/prepare/tally.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import { formatCount, formatShare } from '../../../profile/index.ts'
import { PHRASES } from '../phrases.ts'

const ENTRIES_MAX = 3
const LONG_MINUTES = 30

/**
 * What only a `debug=2` dump shows of the goroutines of a finding: what they wait for, for how long, and who started
 * them.
 */
export function waitEvidence(
  { signal, subject, samples }: Verdict,
  tally: Tally,
  language: Language,
): readonly Evidence[] {
  if (signal.reads !== 'goroutine') return []
  const { labelSets, strings, samples: table } = subject.profile
  const states = new Map<string, number>()
  const creators = new Map<string, number>()
  let [total, long, longest] = [0, 0, 0]
  for (const sample of samples) {
    const value = tally.values[sample]
    total += value
    const set = table.labelSet[sample]
    for (let at = labelSets.labelStart[set]; at < labelSets.labelStart[set + 1]; at++) {
      const key = strings[labelSets.key[at]]
      const text = strings[labelSets.text[at]]
      if (key === 'state') states.set(text, (states.get(text) ?? 0) + value)
      if (key === 'createdBy') creators.set(text, (creators.get(text) ?? 0) + value)
      if (key === 'minutes') {
        const minutes = Number(labelSets.number[at])
        longest = Math.max(longest, minutes)
        if (minutes >= LONG_MINUTES) long += value
      }
    }
  }
  if (states.size === 0) return []
  const text = PHRASES[language].waits({
    states: listOf(states, total),
    creators: creators.size === 0 ? null : listOf(creators, total),
    longest: longest === 0 ? null : formatCount(longest),
    longShare: formatShare(total > 0 ? long / total : 0),
  })
  return [{ kind: 'split', text }]
}

function listOf(values: ReadonlyMap<string, number>, total: number): string {
  return [...values]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, ENTRIES_MAX)
    .map(([name, value]) => `${name} ${formatShare(value / total)}`)
    .join(', ')
}
