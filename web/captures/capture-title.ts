import type { CaptureSummary } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'

/** The most specific known name of the captured process. */
export function captureTitle(
  { target, instance, component }: CaptureSummary,
  texts: Texts,
): string {
  const parts = [target, instance].filter((part) => part !== null)
  if (parts.length > 0) return [...new Set(parts)].join(' · ')
  return component ?? texts.unknownComponent
}
