import { formatValue } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import type { Totals } from '../view-worker/view-messages.ts'

/**
 * How much the filters left; nothing when they removed nothing. Shares stay relative to the whole
 * profile.
 */
export function FilteredTotal(props: { readonly totals: Totals }) {
  const texts = useTexts()
  const { total, filteredTotal, unit } = props.totals
  if (filteredTotal === total) return null
  return texts.filtered(formatValue(filteredTotal, unit), formatValue(total, unit))
}
