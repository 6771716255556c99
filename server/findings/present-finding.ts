import type { FindingEvent, FindingSummary, FindingTrendReply, Language } from '../../api/index.ts'
import type {
  FindingPlace,
  FindingPoint,
  StoredFinding,
  StoredFindingEvent,
} from '../../store/index.ts'
import { formatTime } from '../profiles/present-profile.ts'

/** A row as the API shows it. */
export function presentFinding(finding: StoredFinding, lang: Language): FindingSummary {
  return {
    id: finding.id,
    rule: finding.rule,
    group: finding.group,
    state: finding.state,
    level: finding.level,
    worstLevel: finding.worstLevel,
    title: finding.title[lang],
    profile: finding.profile,
    value: finding.value,
    unit: finding.unit,
    share: finding.share,
    cores: finding.cores,
    count: finding.count,
    cluster: finding.cluster,
    component: finding.component,
    target: finding.target,
    instance: finding.instance,
    firstSeenAt: formatTime(finding.firstSeenAtMs),
    lastSeenAt: formatTime(finding.lastSeenAtMs),
    openedAt: formatTime(finding.openedAtMs),
    resolvedAt: timeOrNull(finding.resolvedAtMs),
    seenCount: finding.seenCount,
    returnCount: finding.returnCount,
    openedBy: presentPlace(finding.openedBy),
    latest: presentPlace(finding.latest),
    frames: [...finding.frames],
    acknowledgedAt: timeOrNull(finding.acknowledgedAtMs),
    acknowledgedBy: finding.acknowledgedBy,
    note: finding.note,
    mutedUntil: timeOrNull(finding.mutedUntilMs),
    mutedBy: finding.mutedBy,
  }
}

export function presentEvent(event: StoredFindingEvent): FindingEvent {
  const { kind, level, captureId, profileId, actor, note } = event
  const times = { at: formatTime(event.atMs), until: timeOrNull(event.untilMs) }
  return { ...times, kind, level, captureId, profileId, actor, note }
}

export function presentPoint({ place, seen }: FindingPoint): FindingTrendReply['points'][number] {
  const { value = null, share = null, cores = null, level = null } = seen ?? {}
  return { ...presentPlace(place), level, value, share, cores }
}

function presentPlace({ captureId, profileId, atMs }: FindingPlace) {
  return { captureId, profileId, at: formatTime(atMs) }
}

function timeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : formatTime(timeMs)
}
