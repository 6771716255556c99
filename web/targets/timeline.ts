import type { CaptureSummary, Level, TrendReply } from '../../api/index.ts'

/** A capture, or a profile of a trend, on the time axis. */
export interface TimelinePoint {
  readonly atMs: number
  /** `null` where there is nothing to show. */
  readonly value: number | null
  /** Of the worst finding of the capture; `null` without one, `undefined` where no capture is. */
  readonly level?: Level | null
}

export interface TimelineMark {
  readonly atMs: number
  readonly kind: 'restart' | 'version'
  /** The new version. */
  readonly text: string
}

export interface Timeline {
  /** In order of time. */
  readonly points: readonly TimelinePoint[]
  readonly marks: readonly TimelineMark[]
  /** Of `value`; `cores` for CPU time per second. */
  readonly unit: string
}

const NS_PER_SECOND = 1e9

/**
 * Captures and the trend of one value on one axis. Several instances at one time add up. `captures` is newest first.
 */
export function timelineOf(
  captures: readonly CaptureSummary[],
  trend: TrendReply | null,
): Timeline {
  const isCores = trend?.per === 'second' && trend.sampleType.unit === 'nanoseconds'
  const points = new Map<number, TimelinePoint>()
  for (const { at, value } of trend?.points ?? []) {
    if (value === null) continue
    const atMs = Date.parse(at)
    const shown = isCores ? value / NS_PER_SECOND : value
    points.set(atMs, { atMs, value: (points.get(atMs)?.value ?? 0) + shown })
  }
  for (const capture of captures) {
    const atMs = timeOf(capture)
    const known = points.get(atMs) ?? { atMs, value: null }
    points.set(atMs, { ...known, level: worse(known.level, capture.worstFinding?.level ?? null) })
  }
  return {
    points: [...points.values()].toSorted((a, b) => a.atMs - b.atMs),
    marks: [...restartsOf(trend), ...versionsOf(captures)].toSorted((a, b) => a.atMs - b.atMs),
    unit: isCores ? 'cores' : (trend?.sampleType.unit ?? 'count'),
  }
}

export function timeOf({ startedAt, createdAt }: CaptureSummary): number {
  return Date.parse(startedAt ?? createdAt)
}

const LEVELS = ['info', 'warning', 'critical'] as const

function worse(a: Level | null | undefined, b: Level | null): Level | null {
  const rank = Math.max(...[a, b].map((level) => (level ? LEVELS.indexOf(level) : -1)))
  return LEVELS[rank] ?? null
}

function restartsOf(trend: TrendReply | null): readonly TimelineMark[] {
  const restarts = (trend?.points ?? []).filter(({ hasRestarted }) => hasRestarted)
  return restarts.map(({ at }) => ({ atMs: Date.parse(at), kind: 'restart', text: '' }))
}

/** Where an instance has another version than at its capture before. */
function versionsOf(captures: readonly CaptureSummary[]): readonly TimelineMark[] {
  const byInstance = Map.groupBy(captures, ({ instance }) => instance)
  return [...byInstance.values()].flatMap((own) =>
    own.flatMap((capture, index): TimelineMark[] => {
      const { kubernetesVersion: version } = capture
      const before = own
        .slice(index + 1)
        .find(({ kubernetesVersion }) => kubernetesVersion !== null)
      if (version === null || before === undefined || before.kubernetesVersion === version)
        return []
      return [{ atMs: timeOf(capture), kind: 'version', text: version }]
    }),
  )
}
