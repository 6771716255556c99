import type { CaptureSummary, Level, TrendReply } from '../../api/index.ts'
import type { Chart, ChartMark } from '../charts/chart.ts'
import type { Texts } from '../texts/en.ts'

const NS_PER_SECOND = 1e9

/**
 * Captures and the trend of one value on one axis. Several instances at one time add up. `captures` is newest first.
 */
export function timelineOf(
  captures: readonly CaptureSummary[],
  trend: TrendReply | null,
  { texts, label }: { readonly texts: Texts; readonly label: string },
): Chart {
  const isCores = trend?.per === 'second' && trend.sampleType.unit === 'nanoseconds'
  const values = new Map<number, number>()
  for (const { at, value } of trend?.points ?? []) {
    if (value === null) continue
    const atMs = Date.parse(at)
    values.set(atMs, (values.get(atMs) ?? 0) + (isCores ? value / NS_PER_SECOND : value))
  }
  const points = [...values].map(([atMs, value]) => ({ atMs, value }))
  const marks = [...restartsOf(trend, texts), ...versionsOf(captures, texts)]
  return {
    lines: [{ label, tone: 'line', points: points.toSorted((a, b) => a.atMs - b.atMs) }],
    marks: marks.toSorted((a, b) => a.atMs - b.atMs),
    captures: captureMarks(captures),
    bands: [],
    unit: isCores ? 'cores' : (trend?.sampleType.unit ?? 'count'),
  }
}

/** One mark at a time, in the level of the worst capture. */
function captureMarks(captures: readonly CaptureSummary[]): Chart['captures'] {
  const levels = new Map<number, Level | null>()
  for (const capture of captures) {
    const atMs = timeOf(capture)
    levels.set(atMs, worse(levels.get(atMs) ?? null, capture.worstFinding?.level ?? null))
  }
  return [...levels].map(([atMs, level]) => ({ atMs, level }))
}

export function timeOf({ startedAt, createdAt }: CaptureSummary): number {
  return Date.parse(startedAt ?? createdAt)
}

const LEVELS = ['info', 'warning', 'critical'] as const

function worse(a: Level | null, b: Level | null): Level | null {
  const rank = Math.max(...[a, b].map((level) => (level ? LEVELS.indexOf(level) : -1)))
  return LEVELS[rank] ?? null
}

function restartsOf(trend: TrendReply | null, texts: Texts): readonly ChartMark[] {
  const restarts = (trend?.points ?? []).filter(({ hasRestarted }) => hasRestarted)
  return restarts.map(({ at }) => ({
    atMs: Date.parse(at),
    kind: 'restart',
    text: texts.timelineRestart,
  }))
}

/** Where an instance has another version than at its capture before. */
function versionsOf(captures: readonly CaptureSummary[], texts: Texts): readonly ChartMark[] {
  const byInstance = Map.groupBy(captures, ({ instance }) => instance)
  return [...byInstance.values()].flatMap((own) =>
    own.flatMap((capture, index): ChartMark[] => {
      const { kubernetesVersion: version } = capture
      const before = own
        .slice(index + 1)
        .find(({ kubernetesVersion }) => kubernetesVersion !== null)
      if (version === null || before === undefined || before.kubernetesVersion === version)
        return []
      return [{ atMs: timeOf(capture), kind: 'version', text: texts.timelineVersion(version) }]
    }),
  )
}
