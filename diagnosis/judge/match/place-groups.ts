import type { SampleRow } from './match-samples.ts'
import { samplesEndingAt, samplesThrough, sumPlaces } from '../usual/places.ts'
import type { StackGroup } from './stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** Of what matches, how much passes through a function that is called the place. */
const PLACE_SHARE_MIN = 0.5
/** Everything passes through these, so they are the place only of what they allocate themselves. */
const ROOT = /^main\.main$|\.(?:Execute|ExecuteC|execute|Run|Start)$/

/**
 * The one function that most of the value passes through and that is nearest to the leaves: outside Go's library, and
 * not where the program begins, unless it allocates there. No group where nothing holds as much.
 */
export function placeGroups(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const { names, values, selves, distances } = sumPlaces(samples, subject, tally)
  const least = PLACE_SHARE_MIN * samples.reduce((sum, sample) => sum + tally.values[sample], 0)
  const held = names.map((name, place) => (ROOT.test(name) ? selves[place] : values[place]))
  const [best] = names
    .map((_, place) => place)
    .filter((place) => held[place] >= least && held[place] > 0)
    .sort((a, b) => distances[a] - distances[b])
  if (best === undefined) return new Map()
  const key = names[best]
  const rows = (ROOT.test(key) ? samplesEndingAt : samplesThrough)(key, samples, subject)
  return new Map([[key, { key, rows, value: held[best] }]])
}
