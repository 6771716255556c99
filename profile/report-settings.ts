import type { ProfileFilters } from './filter-profile.ts'
import type { TrimPathOptions } from './file-path.ts'
import type { Pattern } from './types.ts'
import type { Granularity } from './views/frame-names.ts'

/** pprof's settings, under its names. https://github.com/google/pprof/blob/main/internal/driver/config.go */
export interface ReportSettings {
  /** `''` is `functions`. */
  readonly granularity: Granularity | ''
  readonly noInlines: boolean
  readonly showColumns: boolean
  readonly sort: 'flat' | 'cum'
  /** Name or number of the sample type; `''` for the profile's own choice. */
  readonly sampleIndex: string
  readonly mean: boolean
  readonly unit: string
  readonly divideBy: number
  readonly compactLabels: boolean
  readonly dropNegative: boolean
  readonly callTree: boolean
  readonly trim: boolean
  /** -1 for the report's own choice, 0 for all. */
  readonly nodeCount: number
  readonly nodeFraction: number
  readonly edgeFraction: number
  /** Shares of what the filters leave, not of the whole profile. */
  readonly relativePercentages: boolean
  readonly filters: ProfileFilters
  /** The filters as the user wrote them, `focus=...`, in pprof's order. */
  readonly activeFilters: readonly string[]
  /** Keys of labels to make frames of, separated by commas. */
  readonly tagRoot: string
  readonly tagLeaf: string
  /** Which functions `peek` and `list` show. */
  readonly symbol: ReportSymbol | null
  readonly paths: TrimPathOptions
  /** A moment in the reader's time zone, `2006-01-02 15:04:05 MST`. */
  readonly formatTime: (timeNs: bigint) => string
}

export interface ReportSymbol {
  readonly source: string
  readonly pattern: Pattern
}

export const DEFAULT_REPORT_SETTINGS: ReportSettings = {
  granularity: '',
  noInlines: false,
  showColumns: false,
  sort: 'flat',
  sampleIndex: '',
  mean: false,
  unit: 'minimum',
  divideBy: 1,
  compactLabels: false,
  dropNegative: false,
  callTree: false,
  trim: true,
  nodeCount: -1,
  nodeFraction: 0.005,
  edgeFraction: 0.001,
  relativePercentages: false,
  filters: {},
  activeFilters: [],
  tagRoot: '',
  tagLeaf: '',
  symbol: null,
  paths: { trimPath: '', sourcePath: '' },
  formatTime: formatUtc,
}

function formatUtc(timeNs: bigint): string {
  const [day, time] = new Date(Number(timeNs / 1_000_000n)).toISOString().split(/[T.]/)
  return `${day} ${time} UTC`
}
