import { expect, test } from 'vitest'
import { en } from '../../../web/texts/en.ts'
import { chartOfSeries } from '../../../web/ranges/series-chart.ts'
import { rangeParams, readRange, stepSeconds } from '../../../web/ranges/range-state.ts'

const NOW_MS = Date.parse('2026-03-02T12:00:00Z')

test('an address without a range is of the CPU profiles of the last day', () => {
  expect(rangeParams(readRange({}, NOW_MS))).toEqual({
    type: 'cpu',
    from: '2026-03-01T12:00:00.000Z',
    to: '2026-03-02T12:00:00.000Z',
  })
})

test('a range has times, a selector, a label to group by and memory of one kind', () => {
  const params = { type: 'heap', selector: '{target="api"}', by: 'pod', last: '1h' }
  expect(rangeParams(readRange(params, NOW_MS))).toEqual({
    type: 'heap',
    q: '{target="api"}',
    by: 'pod',
    si: 'inuse_space',
    from: '2026-03-02T11:00:00.000Z',
    to: '2026-03-02T12:00:00.000Z',
  })
  expect(readRange({ type: 'none', from: 'x', before: 'y' }, NOW_MS)).toMatchObject({
    type: 'cpu',
    before: null,
  })
})

test('points are a minute apart or as far as a screen shows them apart, in whole sums that are kept', () => {
  expect(stepSeconds(0, 3_600_000)).toBe(60)
  expect(stepSeconds(0, 8 * 3_600_000)).toBe(240)
  expect(stepSeconds(0, 24 * 3_600_000)).toBe(900)
  expect(stepSeconds(0, 7 * 24 * 3_600_000)).toBe(7200)
})

test('the line of a function has the total beside it, in cores, with what changed', () => {
  const at = '2026-03-02T11:00:00.000Z'
  const chart = chartOfSeries(
    {
      staleCount: 0,
      events: [],
      sampleType: { type: 'cpu', unit: 'nanoseconds' },
      kind: 'interval',
      per: 'second',
      requestMetric: null,
      lines: [
        {
          label: null,
          points: [{ at, value: 5e8, total: 2e9, restartCount: 1 }],
          changes: [{ at, before: 1e8, after: 5e8 }],
        },
      ],
    },
    {
      range: readRange({}, NOW_MS),
      span: { fromMs: 0, toMs: NOW_MS },
      selected: 'etcd3.GetList',
      texts: en,
    },
  )
  expect(chart.unit).toBe('cores')
  expect(chart.lines.map(({ tone, points }) => [tone, points[0]?.value])).toEqual([
    ['line', 0.5],
    ['total', 2],
  ])
  expect(chart.marks.map(({ kind, text }) => [kind, text])).toEqual([
    ['change', '0.10 cores → 0.50 cores'],
    ['restart', 'restarted'],
  ])
})

test('a range is compared with other labels at the same time, or at another', () => {
  const params = { selector: '{version="v1.32"}', beforeQ: '{version="v1.31"}', last: '1h' }
  const range = readRange(params, NOW_MS)
  if (range.before === null) throw new Error('nothing is compared')
  expect(rangeParams(range)).toMatchObject({ q: '{version="v1.32"}' })
  expect(rangeParams(range, range.before)).toEqual({
    ...rangeParams(range),
    q: '{version="v1.31"}',
  })
  const times = { before: '2026-03-02T09:00:00Z', beforeTo: '2026-03-02T10:00:00Z' }
  expect(readRange({ ...params, ...times }, NOW_MS).before).toEqual({
    fromMs: NOW_MS - 3 * 3_600_000,
    toMs: NOW_MS - 2 * 3_600_000,
    selector: '{version="v1.31"}',
  })
})
