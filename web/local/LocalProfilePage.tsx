import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useLocalFiles } from '../local-profiles/local-profiles.ts'
import { ProfileBody } from '../profile-page/ProfileBody.tsx'
import { ProfileExport } from '../profile-page/ProfileExport.tsx'
import { ProfileHeader } from '../profile-page/ProfileHeader.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { useViewState } from '../view-state/use-view-state.ts'
import { LocalGone } from './LocalGone.tsx'

/** A profile that only this browser has. */
export function LocalProfilePage() {
  const { id } = useParams({ from: '/local/$id' })
  const texts = useTexts()
  const profile = useLocalFiles().profiles.find(({ summary }) => summary.id === id)
  const [state, update] = useViewState()
  const hasView = Object.keys(useSearch({ strict: false })).length > 0
  const source = useMemo(() => ({ kind: 'local' as const, id }), [id])
  if (profile === undefined) return <LocalGone />
  const { captureId } = profile.summary
  return (
    <div className="page" data-wide="">
      <ProfileHeader profile={profile.summary}>
        {captureId !== null && (
          <Link to="/local/captures/$id" params={{ id: captureId }}>
            {texts.partOfCapture}
          </Link>
        )}
        <Link to="/local">{texts.localOther}</Link>
        <ProfileExport source={source} profile={profile.summary} state={state} />
      </ProfileHeader>
      <ProfileBody key={id} {...{ source, state, update, hasView }} profile={profile.summary} />
    </div>
  )
}
