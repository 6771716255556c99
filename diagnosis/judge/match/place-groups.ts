import { type FuncIndex, NONE } from '../../../profile/index.ts'
import type { SampleRow } from './match-samples.ts'
import { isOwn, withoutClosures } from '../prepare/own-funcs.ts'
import type { StackGroup } from './stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** Of what matches, how much passes through a function that is called the place. */
const PLACE_SHARE_MIN = 0.5
/** Everything passes through these. */
const ROOT = /^main\.main$|\.(?:Execute|ExecuteC|execute|Run|Start)$/

/** Functions of one name, closures included. */
type PlaceIndex = number

/**
 * The one function that most of the value passes through and that is nearest to the leaves: outside Go's library, and
 * not where the program begins. No group where nothing holds as much.
 */
export function placeGroups(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): ReadonlyMap<string, StackGroup> {
  const { names, placeOfFunc } = placesOf(subject)
  const lastSample = new Int32Array(names.length).fill(NONE)
  const value = new Float64Array(names.length)
  const depth = new Float64Array(names.length)
  let total = 0
  for (const sample of samples) {
    const each = tally.values[sample]
    total += each
    let row = 0
    walkPlaces(sample, subject, placeOfFunc, (place) => {
      if (lastSample[place] === sample) return
      lastSample[place] = sample
      value[place] += each
      depth[place] += row++ * each
    })
  }
  let best: PlaceIndex = NONE
  for (const [place, name] of names.entries()) {
    if (value[place] < PLACE_SHARE_MIN * total || value[place] <= 0 || ROOT.test(name)) continue
    if (best === NONE || depth[place] / value[place] < depth[best] / value[best]) best = place
  }
  if (best === NONE) return new Map()
  const rows = samples.filter((sample) => {
    let passes = false
    walkPlaces(sample, subject, placeOfFunc, (place) => {
      if (place === best) passes = true
    })
    return passes
  })
  const key = names[best]
  return new Map([[key, { key, rows, value: value[best] }]])
}

/** The names that may be a place, and which of them a function has; `NONE` for those of Go's library. */
function placesOf({ names: { names } }: Subject) {
  const places = new Map<string, PlaceIndex>()
  const placeOfFunc = Int32Array.from(names, (name) => {
    if (!isOwn(name)) return NONE
    const own = withoutClosures(name)
    const known = places.get(own) ?? places.size
    places.set(own, known)
    return known
  })
  return { placeOfFunc, names: [...places.keys()] }
}

/** The places of the stack, leaf first; one that calls itself comes again. */
function walkPlaces(
  sample: SampleRow,
  { profile }: Subject,
  placeOfFunc: Int32Array,
  visit: (place: PlaceIndex) => void,
): void {
  const { stacks, frames } = profile
  for (let at = profile.samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
    const func: FuncIndex = frames.func[stacks.frame[at]]
    const place = func === NONE ? NONE : placeOfFunc[func]
    if (place !== NONE) visit(place)
  }
}
