import type { SampleRow } from './match-samples.ts'
import { samplesThrough, sumPlaces } from '../usual/places.ts'
import type { StackGroup } from './stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** Of what matches, how much passes through a function that is called the place. */
const PLACE_SHARE_MIN = 0.5
/** Everything passes through these. */
const ROOT = /^main\.main$|\.(?:Execute|ExecuteC|execute|Run|Start)$/

/**
 * The one function that most of the value passes through and that is nearest to the leaves: outside Go's library, and
 * not where the program begins. No group where nothing holds as much.
 */
export function placeGroups(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const { names, values, distances } = sumPlaces(samples, subject, tally)
  const total = samples.reduce((sum, sample) => sum + tally.values[sample], 0)
  const [best] = names
    .map((_, place) => place)
    .filter((place) => values[place] >= PLACE_SHARE_MIN * total && values[place] > 0)
    .filter((place) => !ROOT.test(names[place]))
    .sort((a, b) => distances[a] - distances[b])
  if (best === undefined) return new Map()
  const key = names[best]
  const rows = samplesThrough(key, samples, subject)
  return new Map([[key, { key, rows, value: values[best] }]])
}
