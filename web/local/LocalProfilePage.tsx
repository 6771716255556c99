import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useLocalProfiles } from '../local-profiles/local-profiles.ts'
import { ProfileBody } from '../profile-page/ProfileBody.tsx'
import { ProfileExport } from '../profile-page/ProfileExport.tsx'
import { ProfileHeader } from '../profile-page/ProfileHeader.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'
import { useViewState } from '../view-state/use-view-state.ts'

/** A profile that only this browser has. */
export function LocalProfilePage() {
  const { id } = useParams({ from: '/local/$id' })
  const texts = useTexts()
  const profile = useLocalProfiles().find(({ summary }) => summary.id === id)
  const [state, update] = useViewState()
  const hasView = Object.keys(useSearch({ strict: false })).length > 0
  const source = useMemo(() => ({ kind: 'local' as const, id }), [id])
  if (profile === undefined) {
    return (
      <Message title={texts.localGoneTitle}>
        <p className="muted">{texts.localGoneLead}</p>
        <Link to="/local">{texts.localTitle}</Link>
      </Message>
    )
  }
  return (
    <div className="page">
      <ProfileHeader profile={profile.summary}>
        <Link to="/local">{texts.localOther}</Link>
        <ProfileExport source={source} profile={profile.summary} state={state} />
      </ProfileHeader>
      <ProfileBody key={id} {...{ source, state, update, hasView }} profile={profile.summary} />
    </div>
  )
}
