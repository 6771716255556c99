import type { FindingFilters } from '../requests/finding-queries.ts'
import { formatListParam, parseListParam } from '../view-state/list-param.ts'
import type { SearchParams } from '../view-state/search-params.ts'

export const FACETS = ['state', 'level', 'cluster', 'component', 'target', 'rule'] as const
export type Facet = (typeof FACETS)[number]

const ALL_STATES = 'all'

/** The filters of the address. Without `state` those that wait for someone; `state=all` shows every one. */
export function readFilters(params: SearchParams): FindingFilters {
  const filters: Record<string, readonly string[]> = {}
  for (const facet of FACETS) {
    const values = parseListParam(params[facet])
    if (values.length > 0) filters[facet] = values
  }
  if (params['state'] === ALL_STATES) delete filters['state']
  else filters['state'] ??= ['open']
  return filters
}

/** The address after other values of one facet were chosen. */
export function withFacet(
  params: SearchParams,
  facet: Facet,
  chosen: readonly string[],
): SearchParams {
  const { [facet]: _, ...others } = params
  const text = formatListParam(chosen)
  if (facet === 'state' && text === undefined) return { ...others, state: ALL_STATES }
  if (text === undefined || (facet === 'state' && text === 'open')) return others
  return { ...others, [facet]: text }
}
