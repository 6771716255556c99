import type { ProfileSummary } from '../../api/index.ts'

/** When a profile was taken, in ms; when it was received, where it does not say. */
export function profileTimeMs({ takenAt, receivedAt }: ProfileSummary): number {
  return Date.parse(takenAt ?? receivedAt)
}
