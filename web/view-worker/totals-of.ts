import type { View } from '../../profile/index.ts'
import type { Totals } from './view-messages.ts'

/** What the values of a view are, and how much there is of them. */
export function totalsOf({ sampleType, total, filteredTotal }: View): Totals {
  return { ...sampleType, total: total.value, filteredTotal: filteredTotal.value }
}
