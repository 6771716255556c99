import { expect, test } from 'vitest'
import { axisSpan } from '../../../web/charts/chart.ts'
import type {
  CaptureSummary,
  FindingTrendReply,
  RangeEvent,
  RangeSeriesReply,
} from '../../../api/index.ts'
import { marksOfEvents } from '../../../web/charts/event-marks.ts'
import { spanOf } from '../../../web/targets/target-trends.ts'
import { endsOf, findingTimelineOf, timelineOf } from '../../../web/targets/timeline.ts'
import { en } from '../../../web/texts/en.ts'

const AT_MS = Date.parse('2026-11-28T10:00:00Z')
const MINUTE_MS = 60_000
const SPAN = { fromMs: AT_MS, toMs: AT_MS + 10 * MINUTE_MS }
const CAPTURES = [5, 3, 1].map((minute) => captureAt(minute))

test('a function is drawn beside the total, in cores', () => {
  const chart = timelineOf(
    [
      { name: '', series: seriesOf([2e9, 3e9]) },
      { name: 'a/b.(*c).List', series: seriesOf([1e9, 2e9]) },
    ],
    { captures: CAPTURES, span: SPAN, texts: en },
  )
  expect(chart.unit).toBe('cores')
  expect(chart.lines.map(({ label, tone }) => [label, tone])).toEqual([
    ['total', 'total'],
    ['b.(*c).List', 'line'],
  ])
  expect(chart.lines[1]?.points.map(({ value }) => value)).toEqual([1, 2])
})

test('the line of a finding has a gap where the finding was not there', () => {
  const trend: FindingTrendReply = {
    unit: 'nanoseconds',
    isCut: false,
    points: [0.4, null, 0.5, 0.6].map((share, minute) => ({
      at: timeAt(minute * 4),
      captureId: null,
      profileId: null,
      level: share === null ? null : 'critical',
      value: share,
      share,
      cores: null,
    })),
  }
  const chart = findingTimelineOf([{ label: 'LIST', trend }], {
    captures: CAPTURES,
    marks: [],
    span: SPAN,
  })
  // The last point is after the span.
  expect(chart.lines[0]?.points.map(({ value }) => value)).toEqual([0.4, null, 0.5])
  expect(chart.unit).toBe('share')
})

test('events link to their finding, else to their capture, and name the process where there are several', () => {
  const event: RangeEvent = {
    at: timeAt(1),
    kind: 'finding',
    target: 'api',
    cluster: null,
    instance: 'a',
    before: null,
    after: null,
    title: 'LIST',
    captureId: 'c1',
    findingId: 'f1',
  }
  const version: RangeEvent = {
    ...event,
    kind: 'version',
    title: null,
    findingId: null,
    before: 'v1.30.4',
    after: 'v1.31.2',
  }
  expect(marksOfEvents([event, version], en)).toMatchObject([
    { kind: 'finding', text: 'LIST', link: { to: 'finding', id: 'f1' } },
    { kind: 'version', text: 'v1.30.4 → v1.31.2', link: { to: 'capture', id: 'c1' } },
  ])
  const [first] = marksOfEvents([event, { ...version, instance: 'b' }], en)
  expect(first?.text).toBe('a: LIST')
})

test('without times the span is that of the captures; a span has its first and last capture', () => {
  expect(spanOf({}, CAPTURES, 0)).toEqual({ fromMs: AT_MS, toMs: AT_MS + 6 * MINUTE_MS })
  const from = timeAt(2)
  expect(spanOf({ from }, CAPTURES, AT_MS + 9 * MINUTE_MS)).toEqual({
    fromMs: AT_MS + 2 * MINUTE_MS,
    toMs: AT_MS + 9 * MINUTE_MS,
  })
  const ids = (toMinute: number) =>
    endsOf(CAPTURES, { fromMs: AT_MS, toMs: AT_MS + toMinute * MINUTE_MS }).map(({ id }) => id)
  expect([ids(0), ids(2), ids(4), ids(9)]).toEqual([[], ['1'], ['3', '1'], ['5', '1']])
})

function timeAt(minute: number): string {
  return new Date(AT_MS + minute * MINUTE_MS).toISOString()
}

function seriesOf(values: readonly number[]): RangeSeriesReply {
  return {
    staleCount: 0,
    events: [],
    sampleType: { type: 'cpu', unit: 'nanoseconds' },
    kind: 'interval',
    per: 'second',
    requestMetric: null,
    lines: [
      {
        label: null,
        points: values.map((value, minute) => ({
          at: timeAt(minute),
          value,
          total: value,
          restartCount: 0,
        })),
        changes: [],
      },
    ],
  }
}

function captureAt(minute: number): CaptureSummary {
  const nothing = { component: null, instance: null, cluster: null, schedule: null, note: null }
  const unknown = { kubernetesVersion: null, goVersion: null, seconds: null, finishedAt: null }
  return {
    ...nothing,
    ...unknown,
    id: String(minute),
    status: 'complete',
    origin: 'upload',
    target: 'api',
    labels: [],
    createdAt: timeAt(99),
    startedAt: timeAt(minute),
    parts: [],
    profileIds: [],
    error: null,
    reportStatus: 'ready',
    worstFinding: null,
    findingCount: 0,
    previousCaptureId: null,
    pinnedAt: null,
  }
}

test('the axis of a single time has an hour around it', () => {
  const line = { label: 'a', tone: 'line', points: [{ atMs: 3_600_000, value: 1 }] } as const
  const chart = { lines: [line], marks: [], captures: [], bands: [], unit: 'count' } as const
  expect(axisSpan(chart)).toEqual({ fromMs: 1_800_000, toMs: 5_400_000 })
  const own = { fromMs: 0, toMs: 1 }
  expect(axisSpan({ ...chart, span: own })).toEqual(own)
})
