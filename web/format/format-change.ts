import { formatCores, formatValue, type ProfileDiff } from '../../profile/index.ts'

/** What values of a comparison are written with. */
export interface ComparedTexts {
  readonly cores: (cores: string) => string
  readonly perRequest: (value: string) => string
}

/** A value of a comparison: `0.52 cores`, `3.1 MiB/s`, `2.1 ms per request`, or as a profile has it. */
export function formatCompared(
  value: number,
  { per, sampleType }: Pick<ProfileDiff, 'per' | 'sampleType'>,
  texts: ComparedTexts,
): string {
  if (per === 'profile') return formatValue(value, sampleType.unit)
  if (per === 'request') return texts.perRequest(formatValue(value, sampleType.unit))
  if (sampleType.unit === 'nanoseconds') return texts.cores(formatCores(value / 1e9))
  return `${formatValue(value, sampleType.unit)}/s`
}

/** With its sign, so that no change reads as a value. */
export function formatDifference(value: number, format: (value: number) => string): string {
  if (value === 0) return format(0)
  return `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`
}
