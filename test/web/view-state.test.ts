import { type Arbitrary, assert, boolean, constantFrom, property, record, string } from 'fast-check'
import { expect, test } from 'vitest'
import {
  DEFAULT_VIEW_STATE,
  FILTER_KEYS,
  formatQueryString,
  formatViewState,
  parseQueryString,
  parseViewState,
  type ViewState,
} from '../../web/view-state/view-state.ts'

const text = string({ unit: 'grapheme' }).filter((value) => value.isWellFormed())
const states: Arbitrary<ViewState> = record({
  view: constantFrom('flame', 'top', 'peek'),
  sampleType: text,
  filters: record({ f: text, i: text, h: text, s: text, sf: text, tf: text, ti: text }),
  search: text,
  isRegex: boolean(),
  zoom: text,
  selected: text,
  finding: text,
  direction: constantFrom('icicle', 'flame'),
  sort: constantFrom('flat', 'cum', 'name'),
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
  expect(FILTER_KEYS.map((key) => state.filters[key])).toEqual([
    'http',
    String.raw`runtime\.`,
    'gc',
    '',
    'main',
    '',
    '',
  ])
})

test('what makes no sense becomes the default', () => {
  expect(parseViewState({ sort: '7', dir: 'up', re: 'yes' })).toEqual(DEFAULT_VIEW_STATE)
})
