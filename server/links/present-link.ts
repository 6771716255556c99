import type { LinkSummary } from '../../api/index.ts'
import type { StoredLink } from '../../store/index.ts'
import { formatTime } from '../profiles/present-profile.ts'
import { describeExposure } from './link-exposure.ts'

/** The link without its token, which is not stored. `null` when the profile is deleted. */
export function presentLink(link: StoredLink): LinkSummary | null {
  if (link.profileId === null) return null
  return {
    id: link.id,
    profileId: link.profileId,
    captureId: link.captureId,
    beforeId: link.beforeProfileId,
    view: link.view,
    name: link.name,
    createdBy: link.createdBy,
    createdAt: formatTime(link.createdAtMs),
    expiresAt: formatTime(link.expiresAtMs),
    revokedAt: link.revokedAtMs === null ? null : formatTime(link.revokedAtMs),
    viewCount: link.viewCount,
    lastViewedAt: link.lastViewedAtMs === null ? null : formatTime(link.lastViewedAtMs),
    exposure: link.exposure,
    exposes: describeExposure(link.exposure),
  }
}
