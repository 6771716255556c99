import type { CaptureSummary } from '../../api/index.ts'

/** When a capture began, in ms; when it was uploaded, where it does not say. */
export function captureTimeMs({ startedAt, createdAt }: CaptureSummary): number {
  return Date.parse(startedAt ?? createdAt)
}
