import type { ReactNode } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { profileFacts, profileTitle } from './profile-facts.ts'
import { useTexts } from '../texts/texts-context.ts'

interface ProfileHeaderProps {
  readonly profile: ProfileSummary
  /** What can be done with it. */
  readonly children?: ReactNode
}

/** The process, kind, time and totals of a profile. */
export function ProfileHeader(props: ProfileHeaderProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { profile } = props
  const title = profileTitle(profile, texts)
  const kind = profile.type === null ? null : texts.profileOf(profile.type)
  return (
    <PageHeader title={title} kind={kind} facts={profileFacts(profile, texts, zone)}>
      {props.children}
    </PageHeader>
  )
}
