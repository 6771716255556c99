import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ProfileSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import { comparedWith } from '../requests/compared-with.ts'
import { nearestProfilesQuery } from '../requests/profile-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { profileTitle } from './profile-facts.ts'
import classes from './ProfilePage.module.css'

/** A link to compare it with the one of its type before, of the same process as far as that is known; its tip says how far. */
export function NearestProfile({ profile }: { readonly profile: ProfileSummary }) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { data } = useQuery({
    ...nearestProfilesQuery(profile.id),
    enabled: profile.status === 'ready',
  })
  const near = data === undefined ? null : comparedWith(data)
  if (near === null) return null
  const { side, match, profile: other } = near
  const [a, b] = side === 'before' ? [other.id, profile.id] : [profile.id, other.id]
  const time = formatTime(other.takenAt ?? other.receivedAt, zone)
  const names = [profileTitle(other, texts), other.instance, time]
  const name = match === 'other' ? names.filter((part) => part !== null).join(' · ') : time
  return (
    <Link
      to="/compare"
      search={{ a, b }}
      className={classes['capture'] ?? ''}
      title={texts.compareMatches[match]}
    >
      <UntrustedText text={texts.compareNearest(side, match, name)} />
    </Link>
  )
}
