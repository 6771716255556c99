import { formatCores, formatValue, type ProfileDiff } from '../../profile/index.ts'

/** A value of a comparison: `0.52 cores`, `3.1 MiB/s`, or as a profile has it. */
export function formatCompared(
  value: number,
  { per, sampleType }: Pick<ProfileDiff, 'per' | 'sampleType'>,
  coresOf: (cores: string) => string,
): string {
  if (per !== 'second') return formatValue(value, sampleType.unit)
  if (sampleType.unit === 'nanoseconds') return coresOf(formatCores(value / 1e9))
  return `${formatValue(value, sampleType.unit)}/s`
}

/** With its sign, so that no change reads as a value. */
export function formatDifference(value: number, format: (value: number) => string): string {
  if (value === 0) return format(0)
  return `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`
}
