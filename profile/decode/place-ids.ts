import { scanProfile } from './scan-profile.ts'
import type { Profile } from '../types.ts'
import { WireReader } from './wire-reader.ts'

/** The ids that a file gives its locations and mappings, in the file's order. Columns do without. */
export interface PlaceIds {
  readonly locations: BigUint64Array
  readonly mappings: BigUint64Array
}

/** Reads them from an inflated profile.proto that `decodeProfile` has accepted. */
export function readPlaceIds(bytes: Uint8Array): PlaceIds {
  const reader = new WireReader(bytes)
  const { locations, mappings } = scanProfile(reader)
  const idsOf = ({ length, bounds }: typeof locations) => {
    const ids = new BigUint64Array(length)
    for (let row = 0; row < length; row++) {
      reader.enter(bounds[2 * row], bounds[2 * row + 1])
      while (reader.next()) if (reader.field === FIELD_ID) ids[row] = reader.unsigned()
    }
    return ids
  }
  return { locations: idsOf(locations), mappings: idsOf(mappings) }
}

/** Field number of the id, in locations and in mappings. */
const FIELD_ID = 1

/** The ids of a profile's rows: those of the file as far as they go, then the numbers after the largest. */
export function placeIds({ locations, mappings }: Profile, known: PlaceIds | null): PlaceIds {
  return {
    locations: extend(known?.locations, locations.length),
    mappings: extend(known?.mappings, mappings.length),
  }
}

function extend(known: BigUint64Array = new BigUint64Array(), length: number): BigUint64Array {
  const ids = new BigUint64Array(length)
  ids.set(known)
  let last = known.reduce((largest, id) => (id > largest ? id : largest), 0n)
  for (let row = known.length; row < length; row++) ids[row] = ++last
  return ids
}
