import { type Filters, formatFilters, NO_FILTERS, parseFilters } from './filters.ts'
import type { SearchParams } from './search-params.ts'

export const COLOURINGS = ['subsystem', 'package', 'self'] as const
/** What the colours of a flame graph show. */
export type Colouring = (typeof COLOURINGS)[number]

/** How many functions a call graph may show; `pprof` shows 80, more than a screen holds. */
export const NODE_COUNTS = [20, 40, 80, 120, 200] as const

/** The complete state of a profile page. It is kept only in the address; `''` means not set. */
export interface ViewState {
  /** A view of `web/views/`; an unknown one shows the first. */
  readonly view: string
  /** The sample type's name. */
  readonly sampleType: string
  readonly filters: Filters
  /** `auto` leaves a long chain of wrappers out of the flame graph; `shown` never does. */
  readonly chain: 'auto' | 'shown'
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
  readonly colour: Colouring
  /** How many functions the call graph shows at most, one of `NODE_COUNTS`. */
  readonly nodeCount: number
  /** Which report of pprof the text view shows; `''` for the first. */
  readonly report: string
  /** The column that tables are sorted by; a view reads an unknown one as its first. */
  readonly sort: string
  /** True where the smallest value, or the first name, is on top. */
  readonly isReversed: boolean
}

export const DEFAULT_VIEW_STATE: ViewState = {
  view: 'flame',
  sampleType: '',
  filters: NO_FILTERS,
  chain: 'auto',
  search: '',
  isRegex: false,
  zoom: '',
  selected: '',
  finding: '',
  direction: 'icicle',
  colour: 'subsystem',
  nodeCount: 40,
  report: '',
  sort: 'flat',
  isReversed: false,
}

/**
 * Reads the state from an address. Ignores unknown parameters; invalid values become the default.
 */
export function parseViewState(params: SearchParams): ViewState {
  const sort = params['sort'] ?? DEFAULT_VIEW_STATE.sort
  return {
    view: params['view'] ?? DEFAULT_VIEW_STATE.view,
    sampleType: params['si'] ?? '',
    filters: parseFilters(params),
    chain: params['chain'] === 'shown' ? 'shown' : 'auto',
    search: params['q'] ?? '',
    isRegex: params['re'] === '1',
    zoom: params['p'] ?? '',
    selected: params['sel'] ?? '',
    finding: params['finding'] ?? '',
    direction: params['dir'] === 'flame' ? 'flame' : 'icicle',
    colour: COLOURINGS.find((known) => known === params['col']) ?? DEFAULT_VIEW_STATE.colour,
    nodeCount:
      NODE_COUNTS.find((known) => String(known) === params['n']) ?? DEFAULT_VIEW_STATE.nodeCount,
    report: params['text'] ?? '',
    sort: sort.replace(/^-/, ''),
    isReversed: sort.startsWith('-'),
  }
}

/**
 * The inverse of `parseViewState`. Leaves out defaults except the view, so that no state has an
 * empty address.
 */
export function formatViewState(state: ViewState): SearchParams {
  const sort = `${state.isReversed ? '-' : ''}${state.sort}`
  const params: [string, string][] = [
    ['view', state.view],
    ['si', state.sampleType],
    ...Object.entries(formatFilters(state.filters)),
    ['chain', state.chain === 'auto' ? '' : state.chain],
    ['q', state.search],
    ['re', state.isRegex ? '1' : ''],
    ['p', state.zoom],
    ['sel', state.selected],
    ['finding', state.finding],
    ['dir', state.direction === 'flame' ? 'flame' : ''],
    ['col', state.colour === DEFAULT_VIEW_STATE.colour ? '' : state.colour],
    ['n', state.nodeCount === DEFAULT_VIEW_STATE.nodeCount ? '' : String(state.nodeCount)],
    ['text', state.report],
    ['sort', sort === DEFAULT_VIEW_STATE.sort ? '' : sort],
  ]
  return Object.fromEntries(params.filter(([, value]) => value !== ''))
}

/** Only the sample type and the filters, as parameters of the server's views. */
export function filterParams({ sampleType, filters }: ViewState): SearchParams {
  return { ...(sampleType === '' ? {} : { si: sampleType }), ...formatFilters(filters) }
}
