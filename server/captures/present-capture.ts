import type { CaptureLinks, CaptureSummary } from '../../api/index.ts'
import type { StoredCapture } from '../../store/index.ts'
import { formatTime } from '../profiles/present-profile.ts'

/** A row as the API shows it. */
export function presentCapture(capture: StoredCapture): CaptureSummary {
  const { parts } = capture
  return {
    id: capture.id,
    status: capture.status,
    origin: capture.origin,
    target: capture.target,
    component: capture.component,
    instance: capture.instance,
    cluster: capture.cluster,
    schedule: capture.schedule,
    kubernetesVersion: capture.kubernetesVersion,
    goVersion: capture.goVersion,
    labels: capture.labels.map(({ name, value }) => ({ name, value })),
    createdAt: formatTime(capture.createdAtMs),
    startedAt: formatTimeOrNull(capture.startedAtMs),
    finishedAt: formatTimeOrNull(capture.finishedAtMs),
    seconds: capture.seconds,
    parts: parts.map((part) => ({ ...part })),
    profileIds: parts.flatMap(({ profileId }) => profileId ?? []),
    error: capture.error,
    reportStatus: capture.reportStatus,
    worstFinding: capture.worstFinding,
    findingCount: capture.findingCount,
    note: capture.note,
    previousCaptureId: capture.previousCaptureId,
    pinnedAt: formatTimeOrNull(capture.pinnedAtMs),
  }
}

/** Related addresses: absolute URLs when `publicUrl` is set, else paths. */
export function captureLinksOf(id: string, publicUrl: string): CaptureLinks {
  const self = `${publicUrl}/api/v1/captures/${id}`
  return {
    self,
    report: `${self}/report`,
    events: `${self}/events`,
    bundle: `${self}/bundle`,
    web: `${publicUrl}/captures/${id}`,
  }
}

function formatTimeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : formatTime(timeMs)
}
