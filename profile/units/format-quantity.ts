/**
 * Quantities as people read them, on the page, in the terminal and in the texts of findings. Reports in pprof's own
 * format are written by `format-value.ts`.
 */

const NO_NUMBER = '–'

/** `45%`, `4.5%`, `<0.1%`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER
  const percent = share * 100
  const size = Math.abs(percent)
  if (size !== 0 && size < 0.1) return percent < 0 ? '>-0.1%' : '<0.1%'
  return `${percent.toFixed(size >= 9.95 || size === 0 ? 0 : 1)}%`
}

/** Grouped in threes, with at most two digits of a fraction: `12,345`, `0.5`. */
export function formatCount(count: number): string {
  const [whole, fraction] = String(Math.round(count * 100) / 100).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** CPU time for each second of the wall clock: `0.004`, `0.27`, `2.31`, `12.3`. */
export function formatCores(cores: number): string {
  const isSmall = Math.abs(cores) < 0.1
  return isSmall ? String(Math.round(cores * 1000) / 1000) : threeDigits(cores)
}

/** A value in the unit that its profile has it in: `1.25 s`, `48.0 MiB`, `12,345`. Unknown units are appended. */
export function formatValue(value: number, unit: string): string {
  const name = unit.toLowerCase()
  const nanosecondsPerUnit = DURATION_UNITS_NS.get(name)
  if (nanosecondsPerUnit !== undefined) return formatDurationNs(value * nanosecondsPerUnit)
  const bytesPerUnit = SIZE_UNITS_BYTES.get(name)
  if (bytesPerUnit !== undefined) return formatSizeBytes(value * bytesPerUnit)
  return name === 'count' || name === '' ? formatCount(value) : `${formatCount(value)} ${unit}`
}

const DURATION_UNITS_NS: ReadonlyMap<string, number> = new Map([
  ['nanoseconds', 1],
  ['ns', 1],
  ['microseconds', 1e3],
  ['us', 1e3],
  ['milliseconds', 1e6],
  ['ms', 1e6],
  ['seconds', 1e9],
  ['s', 1e9],
])

const SIZE_UNITS_BYTES: ReadonlyMap<string, number> = new Map([
  ['bytes', 1],
  ['byte', 1],
  ['b', 1],
  ['kilobytes', 2 ** 10],
  ['kb', 2 ** 10],
  ['megabytes', 2 ** 20],
  ['mb', 2 ** 20],
])

/** A unit, its size, and from which value on it is used. */
type Step = readonly [unit: string, size: number, from: number]

const DURATION_STEPS: readonly Step[] = [
  ['d', 86_400e9, 172_800e9],
  ['h', 3600e9, 7200e9],
  ['min', 60e9, 120e9],
  ['s', 1e9, 1e9],
  ['ms', 1e6, 1e6],
  ['µs', 1e3, 1e3],
]

const SIZE_STEPS: readonly Step[] = [
  ['PiB', 2 ** 50, 2 ** 50],
  ['TiB', 2 ** 40, 2 ** 40],
  ['GiB', 2 ** 30, 2 ** 30],
  ['MiB', 2 ** 20, 2 ** 20],
  ['KiB', 2 ** 10, 2 ** 10],
]

/** `1.46 s`, `117 min`, `0 s`. */
export function formatDurationNs(durationNs: number): string {
  if (durationNs === 0) return '0 s'
  return formatSteps(durationNs, DURATION_STEPS, 'ns')
}

/** `1.50 KiB`, `12 B`. */
export function formatSizeBytes(sizeBytes: number): string {
  return formatSteps(sizeBytes, SIZE_STEPS, 'B')
}

function formatSteps(value: number, steps: readonly Step[], smallest: string): string {
  const step = steps.find(([, , from]) => Math.abs(value) >= from)
  if (step === undefined) return `${formatCount(value)} ${smallest}`
  const [unit, size] = step
  return `${threeDigits(value / size)} ${unit}`
}

/** Three digits that count: `1.46`, `12.3`, `1,234`. */
function threeDigits(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return formatCount(Math.round(value))
  return value.toFixed(size >= 9.995 ? 1 : 2)
}
