/** pprof's short names of filters; a query string of `pprof -http` works here. */
export const FILTER_KEYS = ['f', 'i', 'h', 's', 'sf', 'tf', 'ti'] as const
export type FilterKey = (typeof FILTER_KEYS)[number]
export type Filters = Readonly<Record<FilterKey, string>>

/** The complete state of a profile page. It is kept only in the address; `''` means not set. */
export interface ViewState {
  /** A view of `web/views/`; an unknown one shows the first. */
  readonly view: string
  /** The sample type's name. */
  readonly sampleType: string
  readonly filters: Filters
  readonly search: string
  /** True where `search` is a regular expression (RE2 syntax), false where it is plain text. */
  readonly isRegex: boolean
  /** The path key of the zoomed node of the flame graph. */
  readonly zoom: string
  /** The selected function's name. */
  readonly selected: string
  /** The id of the rule whose finding is marked in the views. */
  readonly finding: string
  /** `icicle`: the root is on top. */
  readonly direction: 'icicle' | 'flame'
  readonly sort: 'flat' | 'cum' | 'name'
}

export const NO_FILTERS: Filters = { f: '', i: '', h: '', s: '', sf: '', tf: '', ti: '' }

export const DEFAULT_VIEW_STATE: ViewState = {
  view: 'flame',
  sampleType: '',
  filters: NO_FILTERS,
  search: '',
  isRegex: false,
  zoom: '',
  selected: '',
  finding: '',
  direction: 'icicle',
  sort: 'flat',
}

export type SearchParams = Readonly<Record<string, string>>

/**
 * Reads the state from an address. Ignores unknown parameters; invalid values become the default.
 */
export function parseViewState(params: SearchParams): ViewState {
  return {
    view: params['view'] ?? DEFAULT_VIEW_STATE.view,
    sampleType: params['si'] ?? '',
    filters: {
      f: params['f'] ?? '',
      i: params['i'] ?? '',
      h: params['h'] ?? '',
      s: params['s'] ?? '',
      sf: params['sf'] ?? '',
      tf: params['tf'] ?? '',
      ti: params['ti'] ?? '',
    },
    search: params['q'] ?? '',
    isRegex: params['re'] === '1',
    zoom: params['p'] ?? '',
    selected: params['sel'] ?? '',
    finding: params['finding'] ?? '',
    direction: params['dir'] === 'flame' ? 'flame' : 'icicle',
    sort: parseSort(params['sort']),
  }
}

/**
 * The inverse of `parseViewState`. Leaves out defaults except the view, so that no state has an
 * empty address.
 */
export function formatViewState(state: ViewState): SearchParams {
  const params: [string, string][] = [
    ['view', state.view],
    ['si', state.sampleType],
    ...FILTER_KEYS.map((key): [string, string] => [key, state.filters[key]]),
    ['q', state.search],
    ['re', state.isRegex ? '1' : ''],
    ['p', state.zoom],
    ['sel', state.selected],
    ['finding', state.finding],
    ['dir', state.direction === 'flame' ? 'flame' : ''],
    ['sort', state.sort === 'flat' ? '' : state.sort],
  ]
  return Object.fromEntries(params.filter(([, value]) => value !== ''))
}

/** Only the sample type and the filters, as parameters of the server's views. */
export function filterParams({ sampleType, filters }: ViewState): SearchParams {
  const params = Object.entries({ si: sampleType, ...filters })
  return Object.fromEntries(params.filter(([, value]) => value !== ''))
}

/** A query string without `?`, as a link stores it, to parameters. */
export function parseQueryString(query: string): SearchParams {
  return Object.fromEntries(new URLSearchParams(query))
}

/** Parameters to a query string without `?`. */
export function formatQueryString(params: SearchParams): string {
  return new URLSearchParams({ ...params }).toString()
}

export function hasFilters(filters: Filters): boolean {
  return FILTER_KEYS.some((key) => filters[key] !== '')
}

function parseSort(text: string | undefined): ViewState['sort'] {
  return text === 'cum' || text === 'name' ? text : 'flat'
}
