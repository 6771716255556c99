import {
  FILTER_KINDS,
  type FilterKind,
  type FilterStep,
  formatFilterSteps,
  parseFilterSteps,
  PPROF_FILTER_KINDS,
  pprofRuns,
} from '../../profile/index.ts'
import type { SearchParams } from './search-params.ts'

/** The filters of a view, in the order in which they apply. */
export type Filters = readonly FilterStep[]

export const NO_FILTERS: Filters = []

/** The parameters of the address that hold filters: pprof's own, and `fs` for what pprof cannot express. */
export const FILTER_PARAMS = [...PPROF_FILTER_KINDS, 'fs'] as const

/** Reads pprof's parameters, then those of `fs`. */
export function parseFilters(params: SearchParams): Filters {
  const own = PPROF_FILTER_KINDS.flatMap((kind): FilterStep[] => {
    const pattern = params[kind] ?? ''
    return pattern === '' ? [] : [{ kind, pattern }]
  })
  return [...own, ...parseFilterSteps(params['fs'] ?? '')]
}

/**
 * The inverse of `parseFilters`: pprof's parameters where one call of pprof can apply them all, so that the query
 * string works there too.
 */
export function formatFilters(filters: Filters): SearchParams {
  const runs = pprofRuns(filters)
  const isPlain = runs.length < 2 && (runs[0]?.length ?? 0) === filters.length
  if (!isPlain) return { fs: formatFilterSteps(filters) }
  return Object.fromEntries(filters.map(({ kind, pattern }) => [kind, pattern]))
}

export function hasFilters(filters: Filters): boolean {
  return filters.some(({ isOff }) => isOff !== true)
}

const OPPOSITES: Readonly<Partial<Record<FilterKind, FilterKind>>> = {
  f: 'i',
  i: 'f',
  h: 's',
  s: 'h',
  tf: 'ti',
  ti: 'tf',
}

/** The filter that keeps what this one removes; `null` for kinds without an opposite. */
export function negated(step: FilterStep): FilterStep | null {
  const kind = OPPOSITES[step.kind]
  return kind === undefined ? null : { ...step, kind }
}

/** The list with one more filter; one that it has already is switched on. */
export function withFilter(filters: Filters, step: FilterStep): Filters {
  const isSame = ({ kind, pattern }: FilterStep) => kind === step.kind && pattern === step.pattern
  if (!filters.some(isSame)) return [...filters, step]
  return filters.map((known) => (isSame(known) ? step : known))
}

/** The list with the filter of one row replaced, or removed with `null`. */
export function replaceFilter(filters: Filters, row: number, step: FilterStep | null): Filters {
  return filters.toSpliced(row, 1, ...(step === null ? [] : [step]))
}

/** The list with the filter of one row at another place. */
export function moveFilter(filters: Filters, from: number, to: number): Filters {
  const moved = filters[from]
  if (moved === undefined || to < 0 || to >= filters.length) return filters
  return filters.toSpliced(from, 1).toSpliced(to, 0, moved)
}

export { FILTER_KINDS, type FilterKind, type FilterStep }
