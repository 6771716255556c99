import { placeGroups } from '../../judge/match/place-groups.ts'
import type { PreparedInput } from '../../judge/prepare/prepare-input.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import { formatShare, formatValue } from '../../../profile/index.ts'
import { PHRASES } from '../phrases.ts'

/**
 * Of the collector's work: the one function through which most bytes were allocated, where a profile of the capture
 * says it. What grew since an earlier profile says it better than what counts since the process started: of that the
 * function has to be in the CPU profile, too, else it is over.
 */
export function allocatorEvidence(
  { measure, subject: ofCpu }: Verdict,
  prepared: readonly PreparedInput[],
  { partition }: RuleSet,
  language: Language,
): readonly Evidence[] {
  const isOfCollector =
    measure.kind === 'classes' &&
    [...measure.classes].every((row) => partition[row].name.startsWith('gc.'))
  if (!isOfCollector) return []
  const subjects = [
    ...prepared.flatMap(({ growth }) => growth ?? []),
    ...prepared.map(({ subject }) => subject),
  ]
  for (const subject of subjects) {
    const tally = subject.tallies.get('alloc_space')
    if (tally === undefined || tally.total.value <= 0) continue
    const samples = Array.from({ length: subject.profile.samples.length }, (_, row) => row)
    const [place] = placeGroups(samples, subject, tally).values()
    if (place === undefined) return []
    if (tally.kind === 'cumulative' && !ofCpu.names.names.includes(place.key)) return []
    const text = PHRASES[language].allocator({
      name: place.key,
      share: formatShare(place.value / tally.total.value),
      total: formatValue(tally.total.value, tally.unit),
      isSinceStart: tally.kind === 'cumulative',
    })
    return [{ kind: 'profile', text }]
  }
  return []
}
