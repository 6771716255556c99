/** `44 %`, `4.5 %`, `0.3 %`. */
export function formatShare(share: number): string {
  const percent = share * 100
  const digits = percent >= 10 || percent === 0 ? 0 : 1
  return `${percent.toFixed(digits)} %`
}

/** `1,234`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `0.27`, `12`. */
export function formatCores(cores: number): string {
  return cores >= 10 ? cores.toFixed(0) : cores.toFixed(2)
}

/** A value in the unit its profile has it in: nanoseconds, bytes, or things that are counted. */
export function formatValue(value: number, unit: string): string {
  if (unit === 'nanoseconds') return formatSteps(value, TIME_STEPS)
  if (unit === 'bytes') return formatSteps(value, BYTE_STEPS)
  return formatCount(value)
}

type Steps = readonly (readonly [size: number, unit: string])[]

const TIME_STEPS: Steps = [
  [3600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
]

const BYTE_STEPS: Steps = [
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, 'B'],
]

/** In the largest step that it is at least one of, with three digits or so. */
function formatSteps(value: number, steps: Steps): string {
  const [size, unit] = steps.find(([size]) => Math.abs(value) >= size) ?? steps[steps.length - 1]
  const scaled = value / size
  const digits = Math.abs(scaled) < 10 && size !== 1 ? 1 : 0
  return `${scaled.toFixed(digits)} ${unit}`
}
