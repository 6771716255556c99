import {
  FILTER_KINDS,
  type FilterKind,
  profileFromFolded,
  type Profile,
} from '../../../profile/index.ts'
import type { TreeQuery } from '../../../web/view-worker/view-messages.ts'

const SAMPLE_TYPES = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]

/** A CPU profile of lines `main;handle;decode 2 20`: a count and nanoseconds. */
export function cpuProfile(folded: string): Profile {
  return profileFromFolded(folded, SAMPLE_TYPES)
}

/** The request; values are in nanoseconds by default. Filters are by their kind. */
export function query({
  sampleType = 'cpu',
  ...filters
}: Readonly<Partial<Record<FilterKind | 'sampleType', string>>> = {}): TreeQuery {
  const steps = FILTER_KINDS.flatMap((kind) => {
    const pattern = filters[kind]
    return pattern === undefined ? [] : [{ kind, pattern }]
  })
  return { sampleType, filters: steps }
}
