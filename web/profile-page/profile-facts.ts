import type { ProfileSummary } from '../../api/index.ts'
import { formatCount, formatDurationNs, formatSizeBytes, formatValue } from '../../profile/index.ts'
import { formatTime } from '../format/format-time.ts'
import { formatKubernetesVersion, formatVersion } from '../format/format-version.ts'
import type { Texts } from '../texts/en.ts'
import type { TimeZone } from '../texts/time-zone.ts'

/** The process of a profile, else its file. */
export function profileTitle(profile: ProfileSummary, texts: Texts): string {
  const parts = [profile.target, profile.component].filter((part) => part !== null)
  if (parts.length > 0) return [...new Set(parts)].join(' · ')
  return profile.fileName ?? texts.unknownComponent
}

/** Its versions, length, totals, place and time. */
export function profileFacts(
  profile: ProfileSummary,
  texts: Texts,
  zone: TimeZone,
): readonly string[] {
  const facts: (string | null)[] = [
    profile.kubernetesVersion === null
      ? null
      : formatKubernetesVersion(profile.component, profile.kubernetesVersion),
    profile.goVersion === null ? null : formatVersion('Go', profile.goVersion),
    profile.durationSeconds === null ? null : formatDurationNs(profile.durationSeconds * 1e9),
    totalOf(profile),
    profile.sampleCount === null ? null : texts.stacks(formatCount(profile.sampleCount)),
    profile.instance,
    profile.cluster,
    profileTitle(profile, texts) === profile.fileName ? null : profile.fileName,
    formatSizeBytes(profile.sizeBytes),
    profile.takenAt === null
      ? texts.receivedAt(formatTime(profile.receivedAt, zone))
      : texts.takenAt(formatTime(profile.takenAt, zone)),
  ]
  return facts.filter((fact) => fact !== null)
}

/** `cpu 336 s`, `goroutine 1,937`. */
function totalOf(profile: ProfileSummary): string | null {
  const chosen = profile.sampleTypes.find(({ type }) => type === profile.defaultSampleType)
  if (chosen === undefined) return null
  return `${chosen.type} ${formatValue(chosen.total, chosen.unit)}`
}
