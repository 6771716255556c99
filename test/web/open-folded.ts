import { profileFromFolded, type Profile } from '../../profile/index.ts'
import { NO_FILTERS, type Filters } from '../../web/view-state/view-state.ts'
import type { TreeQuery } from '../../web/view-worker/view-messages.ts'

const SAMPLE_TYPES = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]

/** A CPU profile of lines `main;handle;decode 2 20`: a count and nanoseconds. */
export function cpuProfile(folded: string): Profile {
  return profileFromFolded(folded, SAMPLE_TYPES)
}

/** The request; values are in nanoseconds by default. */
export function query({
  sampleType = 'cpu',
  ...filters
}: Partial<Filters> & { readonly sampleType?: string } = {}): TreeQuery {
  return { sampleType, filters: { ...NO_FILTERS, ...filters } }
}
