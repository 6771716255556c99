/** The numbers each measure has, and what they are. */
export const MEASURE_NUMBERS = {
  share: 'of the profile, 0 to 1',
  of: 'of the first measure, 0 to 1',
  lo: 'lower bound of the share, 95%',
  hi: 'upper bound of the share, 95%',
  samples: 'samples that matched',
  count: 'goroutines, contentions, objects or samples that matched',
  value: 'nanoseconds, bytes or goroutines that matched',
  cores: 'CPU seconds per second',
  rate: 'value per nanosecond of the profile: average number of waiters',
  mean: 'value per count',
  stacks: 'different stacks that matched; only of largest, growing, together, lock and place',
  held: 'of what matched, goroutines that may hold the lock of the group: they are past it; only beside lock',
  minutes: 'longest wait of the goroutines that matched; 0 but for dumps with debug=2',
  within: 'of a part of a combined rule: share of it that another rule matched, too',
  hits: 'of a part of a combined rule: profiles in which its rule fired',
  snapshots: 'captures of the process it was measured in: 1 without earlier ones',
  hours: 'between the first of these captures and this one',
  growth: 'of count or bytes since the first of these captures',
  rising: 'share of the steps between these captures that do not fall, 0 to 1',
  perDay: 'growth in a day, as a share of the median',
  base: 'median of the earlier captures: of the share for CPU, else of the value',
  z: 'deviations that this one is above the base; 0 with less than three earlier ones. Of risen: above usual',
  usual: 'cores that are normal for the process at this time; only of risen',
  risen:
    'cores above usual, in most captures since it rose, at most as in this one and the one before; only of risen',
  open: '1 for a rise that an earlier capture has shown, else 0; only of risen',
  since:
    'time of the first capture that has it, or may have it, in milliseconds since 1970; only of risen',
  latestSince: 'where that is not sure: of the last that may be the first; only of risen',
} as const

export type MeasureNumber = keyof typeof MEASURE_NUMBERS

export function isMeasureNumber(name: string): name is MeasureNumber {
  return Object.hasOwn(MEASURE_NUMBERS, name)
}

/** `etcd.lo` is `lo` of `etcd`; `lo` alone is that of `main`. */
export function splitName(name: string, main: string): { measure: string; number: string } {
  const dot = name.lastIndexOf('.')
  return dot === -1
    ? { measure: main, number: name }
    : { measure: name.slice(0, dot), number: name.slice(dot + 1) }
}

/** The whole profile, as a measure that every rule has. */
export const TOTAL = 'total'

/** Numbers of the process's own metrics: `metrics.fsync`. */
export const METRICS = 'metrics'

/** Flags that the process says it runs with, as numbers: `flags.kube-api-qps`, 1 for true; durations in nanoseconds. */
export const FLAGS = 'flags'

export const VERSION_NAMES = ['kubernetes', 'go', 'etcd'] as const

/**
 * What conditions compare with a word: `component == kubelet`, `project == kubernetes`, `scheme == https`, and of an etcd
 * `client != other`.
 */
export const WORD_NAMES = ['component', 'project', 'scheme', 'client'] as const

export function isVersionName(name: string): boolean {
  return VERSION_NAMES.some((version) => version === name)
}

export function isWordName(name: string): boolean {
  return WORD_NAMES.some((word) => word === name)
}
