/**
 * How pprof scales values and writes them: https://github.com/google/pprof/blob/main/internal/measurement/measurement.go
 * The text is the same to the byte, so rounding is half to even on the exact binary value, as Go's `%.2f` has it.
 */

/** A whole number of 64 bits: a number where it is exact, else a bigint. */
export type WholeNumber = number | bigint

export interface ScaledValue {
  readonly value: number
  /** `''` for units that are not printed: `count`, `sample`. */
  readonly unit: string
}

interface Unit {
  readonly name: string
  readonly aliases: readonly string[]
  readonly factor: number
}

interface UnitFamily {
  readonly units: readonly Unit[]
  readonly fallback: { readonly name: string; readonly factor: number }
}

const UNIT_FAMILIES: readonly UnitFamily[] = [
  {
    units: [
      { name: 'B', aliases: ['b', 'byte'], factor: 1 },
      { name: 'kB', aliases: ['kb', 'kbyte', 'kilobyte'], factor: 2 ** 10 },
      { name: 'MB', aliases: ['mb', 'mbyte', 'megabyte'], factor: 2 ** 20 },
      { name: 'GB', aliases: ['gb', 'gbyte', 'gigabyte'], factor: 2 ** 30 },
      { name: 'TB', aliases: ['tb', 'tbyte', 'terabyte'], factor: 2 ** 40 },
      { name: 'PB', aliases: ['pb', 'pbyte', 'petabyte'], factor: 2 ** 50 },
    ],
    fallback: { name: 'B', factor: 1 },
  },
  {
    units: [
      { name: 'ns', aliases: ['ns', 'nanosecond'], factor: 1 },
      { name: 'us', aliases: ['μs', 'us', 'microsecond'], factor: 1e3 },
      { name: 'ms', aliases: ['ms', 'millisecond'], factor: 1e6 },
      { name: 's', aliases: ['s', 'sec', 'second'], factor: 1e9 },
      { name: 'hrs', aliases: ['hour', 'hr'], factor: 3600e9 },
    ],
    fallback: { name: 's', factor: 1e9 },
  },
  {
    units: [
      { name: 'n*GCU', aliases: ['nanogcu'], factor: 1e-9 },
      { name: 'u*GCU', aliases: ['microgcu'], factor: 1e-6 },
      { name: 'm*GCU', aliases: ['milligcu'], factor: 1e-3 },
      { name: 'GCU', aliases: ['gcu'], factor: 1 },
      { name: 'k*GCU', aliases: ['kilogcu'], factor: 1e3 },
      { name: 'M*GCU', aliases: ['megagcu'], factor: 1e6 },
      { name: 'G*GCU', aliases: ['gigagcu'], factor: 1e9 },
      { name: 'T*GCU', aliases: ['teragcu'], factor: 1e12 },
      { name: 'P*GCU', aliases: ['petagcu'], factor: 1e15 },
    ],
    fallback: { name: 'GCU', factor: 1 },
  },
]

const SILENT_UNITS: ReadonlySet<string> = new Set(['count', 'sample', 'unit', 'minimum', 'auto'])

/**
 * The value in another unit. `minimum` and `auto` take the largest unit in which it is at least 1; a target of
 * another kind than the source takes the source's own base unit.
 */
export function scaleValue(value: WholeNumber, fromUnit: string, toUnit: string): ScaledValue {
  const double = Number(value)
  // The lowest 64-bit number has no opposite, so pprof scales it as it is.
  if (double < 0 && double > -(2 ** 63)) {
    const { value: opposite, unit } = scaleValue(-double, fromUnit, toUnit)
    return { value: -opposite, unit }
  }
  for (const family of UNIT_FAMILIES) {
    const from = unitNamed(family, fromUnit)
    if (from === undefined) continue
    const base = double * from.factor
    const to =
      toUnit === 'minimum' || toUnit === 'auto'
        ? largestUnit(family, base)
        : unitNamed(family, toUnit)
    const { name, factor } = to ?? family.fallback
    return { value: base / factor, unit: name }
  }
  return { value: double, unit: SILENT_UNITS.has(toUnit) ? '' : toUnit }
}

/** The value with its unit: `1.50MB`, `2MB`, `0`. */
export function scaledLabel(value: WholeNumber, fromUnit: string, toUnit: string): string {
  const scaled = scaleValue(value, fromUnit, toUnit)
  const fixed = fixed2(scaled.value)
  const text = fixed.endsWith('.00') ? fixed.slice(0, -3) : fixed
  return text === '0' || text === '-0' ? '0' : text + scaled.unit
}

/** How much of the total, without its sign: ` 12.50%`, `0.013%`, `  100%`. A total of 0 makes 0. */
export function percentageLabel(value: WholeNumber, total: WholeNumber): string {
  const ratio = Number(total) === 0 ? 0 : Math.abs(Number(value) / Number(total)) * 100
  if (ratio >= 99.95 && ratio <= 100.05) return '  100%'
  return `${(ratio >= 1 ? fixed2(ratio) : general2(ratio)).padStart(5)}%`
}

/** Whether two units measure the same thing, so that one can be scaled to the other. */
export function isSameUnitKind(unit: string, other: string): boolean {
  return (
    unit === other ||
    UNIT_FAMILIES.some((family) => unitNamed(family, unit) && unitNamed(family, other))
  )
}

/** The unit in which Go writes what is measured in this one, and how many of it make one; null for other kinds. */
export function goUnitOf(unit: string): { readonly unit: string; readonly factor: number } | null {
  const [sizes, times] = UNIT_FAMILIES
  const size = unitNamed(sizes, unit)
  if (size !== undefined) return { unit: 'bytes', factor: size.factor }
  const time = unitNamed(times, unit)
  return time === undefined ? null : { unit: 'nanoseconds', factor: time.factor }
}

function unitNamed({ units }: UnitFamily, text: string): Unit | undefined {
  const lower = text.toLowerCase()
  const alias = lower.length > 2 && lower.endsWith('s') ? lower.slice(0, -1) : lower
  return units.find(({ aliases }) => aliases.includes(alias))
}

function largestUnit({ units }: UnitFamily, base: number): Unit | undefined {
  return units.findLast(({ factor }) => base / factor >= 1)
}

/** Go's `%.2f`. */
function fixed2(value: number): string {
  const size = Math.abs(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (size >= 1e21) return `${sign}${BigInt(size)}.00`
  // Only odd multiples of 1/8 lie exactly between two hundredths; JavaScript rounds those up.
  if (Math.abs((size * 8) % 2) !== 1) return sign + size.toFixed(2)
  const below = Math.floor(size * 100)
  return sign + ((below % 2 === 0 ? below : below + 1) / 100).toFixed(2)
}

/** Go's `%.2g`, of a number in 0..1. */
function general2(value: number): string {
  if (value === 0) return '0'
  const short = value.toExponential(9)
  if (!short.includes('500000')) return shortestOf(value.toExponential(1))
  // Forty digits show whether the value lies exactly between two neighbours.
  const [digits, exponent] = value.toExponential(40).split('e')
  const rest = digits.slice(3)
  const below = Number(digits[0] + digits[2])
  const half = `5${'0'.repeat(rest.length - 1)}`
  const isUp = rest > half || (rest === half && below % 2 === 1)
  return shortestOf(Number(`${isUp ? below + 1 : below}e${Number(exponent) - 1}`).toExponential(1))
}

/** Two digits with an exponent, without what does not say anything. */
function shortestOf(text: string): string {
  const [digits, exponentText] = text.split('e')
  const exponent = Number(exponentText)
  if (exponent >= -4) return String(Number(text))
  const mantissa = digits.endsWith('.0') ? digits.slice(0, -2) : digits
  return `${mantissa}e-${String(-exponent).padStart(2, '0')}`
}
