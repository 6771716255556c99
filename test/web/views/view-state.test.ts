import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  oneof,
  property,
  record,
  string,
} from 'fast-check'
import { expect, test } from 'vitest'
import {
  FILTER_KINDS,
  type FilterStep,
  formatFilters,
  moveFilter,
  negated,
  parseFilters,
  withFilter,
} from '../../../web/view-state/filters.ts'
import { formatQueryString, parseQueryString } from '../../../web/view-state/search-params.ts'
import {
  COLOURINGS,
  DEFAULT_VIEW_STATE,
  formatViewState,
  NODE_COUNTS,
  parseViewState,
  type ViewState,
} from '../../../web/view-state/view-state.ts'

const text = string({ unit: 'grapheme' }).filter((value) => value.isWellFormed())
const pattern = text.filter((value) => value !== '' && !value.includes('\n'))
const steps: Arbitrary<FilterStep> = oneof(
  record({ kind: constantFrom(...FILTER_KINDS), pattern }),
  record({ kind: constantFrom(...FILTER_KINDS), pattern, isOff: constantFrom<true>(true) }),
)
const states: Arbitrary<ViewState> = record({
  view: constantFrom('flame', 'top', 'peek'),
  sampleType: text,
  filters: array(steps, { maxLength: 6 }),
  chain: constantFrom('auto', 'shown'),
  search: text,
  isRegex: boolean(),
  zoom: text,
  selected: text,
  finding: text,
  direction: constantFrom('icicle', 'flame'),
  colour: constantFrom(...COLOURINGS),
  nodeCount: constantFrom(...NODE_COUNTS),
  report: text,
  sort: constantFrom('flat', 'cum', 'name'),
  isReversed: boolean(),
})

test('every view state comes back out of its address', () => {
  assert(
    property(states, (state) => {
      const query = formatQueryString(formatViewState(state))
      expect(parseViewState(parseQueryString(query))).toEqual(state)
    }),
  )
})

test('no view state has an empty address, so an empty one means that no state is set', () => {
  expect(formatViewState(DEFAULT_VIEW_STATE)).toEqual({ view: 'flame' })
})

test('the filters of `pprof -http` are read as they are written there', () => {
  const state = parseViewState(parseQueryString('si=cpu&f=http&i=runtime%5C.&h=gc&sf=main'))
  expect(state.sampleType).toBe('cpu')
  expect(state.filters).toEqual([
    { kind: 'f', pattern: 'http' },
    { kind: 'i', pattern: String.raw`runtime\.` },
    { kind: 'h', pattern: 'gc' },
    { kind: 'sf', pattern: 'main' },
  ])
})

test('filters that one call of pprof can apply are written under its names', () => {
  const plain = [
    { kind: 'f', pattern: 'http' },
    { kind: 'h', pattern: 'gc' },
  ] as const
  expect(formatFilters(plain)).toEqual({ f: 'http', h: 'gc' })
  expect(formatFilters([...plain].reverse())).toEqual({ fs: 'h gc\nf http' })
})

test('filters of one kind add up, and keep their order', () => {
  const filters = [
    { kind: 'f', pattern: 'GetList' },
    { kind: 'f', pattern: 'handlers' },
  ] as const
  expect(parseFilters(formatFilters(filters))).toEqual(filters)
  expect(withFilter(filters, filters[0])).toEqual(filters)
  expect(moveFilter(filters, 1, 0)).toEqual([...filters].reverse())
})

test('a negated filter keeps what it removed', () => {
  expect(negated({ kind: 'f', pattern: 'a' })).toEqual({ kind: 'i', pattern: 'a' })
  expect(negated({ kind: 'sf', pattern: 'a' })).toBeNull()
})

test('what makes no sense becomes the default', () => {
  expect(parseViewState({ dir: 'up', re: 'yes', col: 'pink', chain: '2' })).toEqual(
    DEFAULT_VIEW_STATE,
  )
})
