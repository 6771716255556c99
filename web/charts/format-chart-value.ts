import { formatCores, formatValue } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'

/** A value in a unit of a sample type, or in `cores`. */
export function formatChartValue(value: number, unit: string, texts: Texts): string {
  return unit === 'cores' ? texts.cores(formatCores(value)) : formatValue(value, unit)
}
