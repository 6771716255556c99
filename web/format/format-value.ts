const DURATION_UNITS_NS: Readonly<Record<string, number>> = {
  nanoseconds: 1,
  ns: 1,
  microseconds: 1e3,
  us: 1e3,
  milliseconds: 1e6,
  ms: 1e6,
  seconds: 1e9,
  s: 1e9,
}
const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  bytes: 1,
  byte: 1,
  b: 1,
  kilobytes: 1024,
  kb: 1024,
  megabytes: 1024 ** 2,
  mb: 1024 ** 2,
}
const COUNT_FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const SIZE_STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** A value with the unit that the profile gives it: `1.25 s`, `48.0 MiB`, `12,345`. Unknown units are appended. */
export function formatValue(value: number, unit: string): string {
  const nanosecondsPerUnit = DURATION_UNITS_NS[unit.toLowerCase()]
  if (nanosecondsPerUnit !== undefined) return formatDurationNs(value * nanosecondsPerUnit)
  const bytesPerUnit = SIZE_UNITS_BYTES[unit.toLowerCase()]
  if (bytesPerUnit !== undefined) return formatSizeBytes(value * bytesPerUnit)
  if (unit === 'count' || unit === '') return formatCount(value)
  return `${formatCount(value)} ${unit}`
}

export function formatDurationNs(durationNs: number): string {
  const sizeNs = Math.abs(durationNs)
  if (sizeNs === 0) return '0 s'
  if (sizeNs < 1e3) return `${digits(durationNs)} ns`
  if (sizeNs < 1e6) return `${digits(durationNs / 1e3)} µs`
  if (sizeNs < 1e9) return `${digits(durationNs / 1e6)} ms`
  if (sizeNs < 120e9) return `${digits(durationNs / 1e9)} s`
  if (sizeNs < 7200e9) return `${digits(durationNs / 60e9)} min`
  if (sizeNs < 172_800e9) return `${digits(durationNs / 3600e9)} h`
  return `${digits(durationNs / 86_400e9)} d`
}

export function formatSizeBytes(sizeBytes: number): string {
  let rest = sizeBytes
  let step = 0
  while (Math.abs(rest) >= 1024 && step < SIZE_STEPS.length - 1) {
    rest /= 1024
    step++
  }
  return `${step === 0 ? formatCount(rest) : digits(rest)} ${SIZE_STEPS[step]}`
}

/** Grouped in threes; fractions keep two digits. */
export function formatCount(count: number): string {
  return COUNT_FORMAT.format(count)
}

/** CPU time for each second of the wall clock: `2.31 cores`. */
export function formatCores(cores: number): string {
  return digits(cores)
}

/** Three digits that count, as a person would write them. */
function digits(value: number): string {
  const size = Math.abs(value)
  if (size >= 100) return formatCount(Math.round(value))
  return value.toFixed(size >= 10 ? 1 : 2)
}
