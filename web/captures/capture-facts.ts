import type { CaptureSummary } from '../../api/index.ts'
import { formatKubernetesVersion, formatVersion } from '../format/format-version.ts'
import type { Texts } from '../texts/en.ts'

/** Its versions, place, length, origin and labels; `null` as origin for one that was opened in this browser. */
export function captureFacts(
  capture: CaptureSummary,
  texts: Texts,
  origin: string | null = originOf(capture, texts),
): readonly string[] {
  const { component, kubernetesVersion, goVersion, cluster, seconds, labels } = capture
  const facts = [
    kubernetesVersion === null ? null : formatKubernetesVersion(component, kubernetesVersion),
    goVersion === null ? null : formatVersion('Go', goVersion),
    cluster,
    seconds === null ? null : texts.captureSecondsOf(seconds),
    origin,
    ...labels.map(({ name, value }) => `${name}=${value}`),
  ]
  return facts.filter((fact) => fact !== null)
}

function originOf({ origin, schedule }: CaptureSummary, texts: Texts): string {
  return [texts.captureOrigin[origin], schedule].filter((part) => part !== null).join(' ')
}
