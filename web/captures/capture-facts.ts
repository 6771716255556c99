import type { CaptureSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import { formatKubernetesVersion, formatVersion } from '../format/format-version.ts'
import type { Texts } from '../texts/en.ts'
import type { TimeZone } from '../texts/time-zone.ts'

/** Its versions, place, length, origin, labels and time. */
export function captureFacts(
  capture: CaptureSummary,
  texts: Texts,
  zone: TimeZone,
): readonly string[] {
  const { component, kubernetesVersion, goVersion, cluster, seconds, schedule, origin, labels } =
    capture
  const facts = [
    kubernetesVersion === null ? null : formatKubernetesVersion(component, kubernetesVersion),
    goVersion === null ? null : formatVersion('Go', goVersion),
    cluster,
    seconds === null ? null : texts.captureSecondsOf(seconds),
    [texts.captureOrigin[origin], schedule].filter((part) => part !== null).join(' '),
    ...labels.map(({ name, value }) => `${name}=${value}`),
    texts.takenAt(formatTime(capture.startedAt ?? capture.createdAt, zone)),
  ]
  return facts.filter((fact) => fact !== null)
}
