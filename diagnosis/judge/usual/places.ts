import { type FuncIndex, NONE, withoutClosures } from '../../../profile/index.ts'
import { isOwn } from '../prepare/own-funcs.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** A row of the profile's samples. */
type SampleRow = number
/** Functions of one name outside Go's library, closures included. */
type PlaceIndex = number

/** What passes through each place, in order of places. */
export interface PlaceSums {
  readonly names: readonly string[]
  readonly values: Float64Array
  /** Of what passes through it, what passes through no other place below it. */
  readonly selves: Float64Array
  /** How far from the leaves it is on average, in places. */
  readonly distances: Float64Array
}

export function sumPlaces(
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): PlaceSums {
  const { names, placeOfFunc } = placesOf(subject)
  const lastSample = new Int32Array(names.length).fill(NONE)
  const values = new Float64Array(names.length)
  const selves = new Float64Array(names.length)
  const distances = new Float64Array(names.length)
  for (const sample of samples) {
    const each = tally.values[sample]
    let row = 0
    walkPlaces(sample, subject, placeOfFunc, (place) => {
      if (lastSample[place] === sample) return
      lastSample[place] = sample
      values[place] += each
      if (row === 0) selves[place] += each
      distances[place] += row++ * each
    })
  }
  for (const [place, value] of values.entries()) if (value !== 0) distances[place] /= value
  return { names, values, selves, distances }
}

/** The samples that pass through the place of this name. */
export function samplesThrough(
  name: string,
  samples: readonly SampleRow[],
  subject: Subject,
): readonly SampleRow[] {
  return samplesWithin(Number.POSITIVE_INFINITY, name, samples, subject)
}

/** The samples that pass through the place of this name, and through no other below it. */
export function samplesEndingAt(
  name: string,
  samples: readonly SampleRow[],
  subject: Subject,
): readonly SampleRow[] {
  return samplesWithin(1, name, samples, subject)
}

/** The samples with this place among so many of their places nearest to the leaf. */
function samplesWithin(
  placeCount: number,
  name: string,
  samples: readonly SampleRow[],
  subject: Subject,
): readonly SampleRow[] {
  const { names, placeOfFunc } = placesOf(subject)
  const wanted = names.indexOf(name)
  return samples.filter((sample) => {
    let row = 0
    let passes = false
    walkPlaces(sample, subject, placeOfFunc, (place) => {
      if (row++ < placeCount && place === wanted) passes = true
    })
    return passes
  })
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
