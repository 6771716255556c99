import type { CaptureSummary } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'

/** Names the process that was captured, as exactly as is known. */
export function captureTitle(
  { target, instance, component }: CaptureSummary,
  texts: Texts,
): string {
  const parts = [target, instance].filter((part) => part !== null)
  if (parts.length > 0) return [...new Set(parts)].join(' · ')
  return component ?? texts.unknownComponent
}
