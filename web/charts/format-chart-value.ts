import { formatCores, formatShare, formatValue } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'

/** A value in a unit of a sample type, in `cores`, or as a `share`. */
export function formatChartValue(value: number, unit: string, texts: Texts): string {
  return unit === 'cores' ? texts.cores(formatCores(value)) : formatAxisValue(value, unit)
}

/** As `formatChartValue`, as short as an axis needs it. */
export function formatAxisValue(value: number, unit: string): string {
  if (unit === 'cores') return formatCores(value)
  return unit === 'share' ? formatShare(value) : formatValue(value, unit)
}
