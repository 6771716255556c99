import type { ProfileFilters } from '../filter/filter-profile.ts'
import type { TrimPathOptions } from '../names/file-path.ts'
import type { PlaceIds } from '../decode/place-ids.ts'
import type { Pattern } from '../types.ts'
import type { Granularity } from '../views/frame-names.ts'

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
  /** Whether to do as pprof does also where it is wrong: docs/pprof-differences.md lists where. */
  readonly keepsPprofBugs: boolean
  /** What `raw` calls locations and mappings; null for their rows, from 1 on. */
  readonly placeIds: PlaceIds | null
  readonly formatTime: FormatTime
}

/**
 * A moment in the reader's time zone: `2006-01-02 15:04:05 MST`, or exact, `2006-01-02 15:04:05.123456789 -0700 MST`.
 */
export type FormatTime = (timeNs: bigint, precision: 'seconds' | 'exact') => string

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
  keepsPprofBugs: false,
  placeIds: null,
  formatTime: formatUtc,
}

function formatUtc(timeNs: bigint, precision: 'seconds' | 'exact'): string {
  const fraction = BigInt.asUintN(64, ((timeNs % SECOND_NS) + SECOND_NS) % SECOND_NS)
  const seconds = Number((timeNs - fraction) / SECOND_NS)
  const [day, time] = new Date(seconds * 1000).toISOString().split(/[T.]/)
  if (precision === 'seconds') return `${day} ${time} UTC`
  return `${day} ${time}${fractionText(fraction)} +0000 UTC`
}

const SECOND_NS = 1_000_000_000n

/** Nanoseconds within a second as Go writes them: `.5`, or nothing. */
export function fractionText(fractionNs: bigint): string {
  const digits = String(fractionNs).padStart(9, '0').replace(/0+$/, '')
  return digits === '' ? '' : `.${digits}`
}
