import { useQuery } from '@tanstack/react-query'
import type { ProfileSummary } from '../../api/index.ts'
import { captureQuery } from './capture-queries.ts'

export interface PreviousProfile {
  readonly id: string
  readonly time: string
}

/** The profile of the same kind in the capture before this one's; `null` without one. */
export function usePreviousProfile({ captureId, type }: ProfileSummary): PreviousProfile | null {
  const own = useQuery({ ...captureQuery(captureId ?? ''), enabled: captureId !== null })
  const previousId = own.data?.previousCaptureId ?? null
  const previous = useQuery({ ...captureQuery(previousId ?? ''), enabled: previousId !== null })
  const part = previous.data?.parts.find(({ kind }) => kind === type)
  if (previous.data === undefined || !part?.profileId) return null
  return { id: part.profileId, time: previous.data.startedAt ?? previous.data.createdAt }
}
