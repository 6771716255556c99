import {
  AppError,
  type ComparedRequests,
  type RangeRequestsQuery,
  type RangeRequestsReply,
  rangeOfCapture,
} from '../../api/index.ts'
import type { CaptureStore, StoredProfile } from '../../store/index.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { formatTime } from './present-profile.ts'

interface Needs {
  readonly ranges: ServerNeeds['ranges']
  readonly captures: Pick<CaptureStore, 'find'>
}

/** What a process served while its CPU profile was taken; `null` for other profiles, and where no capture is of it. */
export async function servedRequests(
  { ranges, captures }: Needs,
  profile: StoredProfile | null,
): Promise<RangeRequestsReply | null> {
  if (profile?.type !== 'cpu' || profile.captureId === null) return null
  const capture = await captures.find(profile.captureId)
  if (capture === null) return null
  const { createdAtMs, startedAtMs } = capture
  const range = rangeOfCapture({
    ...capture,
    createdAt: formatTime(createdAtMs),
    startedAt: startedAtMs === null ? null : formatTime(startedAtMs),
  })
  return range === null ? null : ranges(profile.space).requests(range)
}

/** A side of a comparison: one profile, or those of a range. */
export interface ServingSide {
  readonly profiles: readonly StoredProfile[]
  readonly range: RangeRequestsQuery | null
}

/** What the processes of two sides served a second. Throws REQUESTS_UNKNOWN. */
export async function comparedRequests(
  needs: Needs,
  a: ServingSide,
  b: ServingSide,
): Promise<ComparedRequests> {
  const [before, after] = [await requestsOfSide(needs, a), await requestsOfSide(needs, b)]
  const metric = before?.metric ?? null
  if (metric === null || !before?.requestsPerSecond || !after?.requestsPerSecond) {
    throw new AppError('REQUESTS_UNKNOWN')
  }
  if (metric !== after.metric) {
    throw new AppError('REQUESTS_UNKNOWN', {
      message: `The processes count requests by several metrics (${metric}, ${after.metric}): select one component.`,
    })
  }
  return { metric, before: before.requestsPerSecond, after: after.requestsPerSecond }
}

async function requestsOfSide(
  needs: Needs,
  { profiles, range }: ServingSide,
): Promise<RangeRequestsReply | null> {
  const [profile = null] = profiles
  if (range === null || profile === null) return servedRequests(needs, profile)
  return needs.ranges(profile.space).requests(range)
}
