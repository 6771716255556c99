import type { CaptureSummary } from '../../api/index.ts'
import { formatTime } from './format-time.ts'
import type { Texts } from '../texts/en.ts'
import type { TimeZone } from '../texts/time-zone.ts'

/** The most specific known name of the captured process. */
export function captureName(
  { target, instance, component }: Pick<CaptureSummary, 'target' | 'instance' | 'component'>,
  texts: Texts,
): string {
  const parts = [target, instance].filter((part) => part !== null)
  if (parts.length > 0) return [...new Set(parts)].join(' · ')
  return component ?? texts.unknownComponent
}

/** When it was taken; when it was uploaded, where it does not say. */
export function captureTime({ startedAt, createdAt }: CaptureSummary, zone: TimeZone): string {
  return formatTime(startedAt ?? createdAt, zone)
}

/** The process and the time, by which captures of one process are told apart. */
export function captureTitle(capture: CaptureSummary, texts: Texts, zone: TimeZone): string {
  return `${captureName(capture, texts)} · ${captureTime(capture, zone)}`
}

/** What is said beside its name: the component, where that is not the name, and the time. */
export function captureKind(capture: CaptureSummary, texts: Texts, zone: TimeZone): string {
  const { component } = capture
  const isNamed = component !== null && component !== captureName(capture, texts)
  return [...(isNamed ? [component] : []), captureTime(capture, zone)].join(' · ')
}
