import type { ProfileSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import type { TimeZone } from '../texts/time-zone.ts'

/** One side of a comparison in a line: `before api cpu 2026-11-21 09:30:05 UTC`. */
export function sideFact(
  label: string,
  { target, component, type, takenAt, receivedAt }: ProfileSummary,
  zone: TimeZone,
): string {
  return [label, target ?? component, type, formatTime(takenAt ?? receivedAt, zone)]
    .filter((part) => part !== null)
    .join(' ')
}
