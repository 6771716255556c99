import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { memo, useMemo } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import { pinProfile } from '../requests/list-queries.ts'
import { isUnderWay, profileQuery } from '../requests/profile-queries.ts'
import type { ProfileSource } from '../paths.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { ShareButton } from '../share/ShareButton.tsx'
import { PageFailure } from '../ui/PageFailure.tsx'
import { PinButton } from '../lists/PinButton.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { formatQueryString } from '../view-state/search-params.ts'
import { useViewState } from '../view-state/use-view-state.ts'
import { formatViewState, type ViewState } from '../view-state/view-state.ts'
import { startWorkerAhead } from '../view-worker/view-client.ts'
import { AnalysingNotice } from './AnalysingNotice.tsx'
import { FailedNotice } from './FailedNotice.tsx'
import { NearestProfile } from './NearestProfile.tsx'
import { ProfileBody } from './ProfileBody.tsx'
import { ProfileExport } from './ProfileExport.tsx'
import { ProfileHeader } from './ProfileHeader.tsx'
import classes from './ProfilePage.module.css'

// The address is asked for what it is of meanwhile.
startWorkerAhead()

/** One profile: its findings first, then its views. */
export function ProfilePage() {
  const { id } = useParams({ from: '/profiles/$id' })
  const texts = useTexts()
  const { data: profile, error, refetch } = useQuery(profileQuery(id))
  if (profile !== undefined) return <KnownProfile profile={profile} />
  if (error === null) return <AnalysingNotice />
  return (
    <PageFailure
      error={error}
      unknown={{ title: texts.profileUnknownTitle, lead: texts.profileUnknownLead }}
      failed={texts.columnsFailed}
      onRetry={() => void refetch()}
    >
      <Link to="/profiles">{texts.profilesTitle}</Link>
    </PageFailure>
  )
}

const HEADER_AFTER_MS = 100

function KnownProfile(props: { readonly profile: ProfileSummary }) {
  const texts = useTexts()
  const { profile } = props
  const [state, update] = useViewState()
  const hasView = Object.keys(useSearch({ strict: false })).length > 0
  const source = useMemo(() => ({ kind: 'profile' as const, id: profile.id }), [profile.id])
  // What the header needs the state for can wait until the views show it, as the address does.
  const [laterState] = useDebouncedValue(state, HEADER_AFTER_MS)
  return (
    <div className="page" data-wide="">
      <KnownHeader profile={profile} source={source} state={laterState} />
      {profile.fileFault !== null && (
        <p className={classes['fault']} role="alert">
          {texts.fileFaults[profile.fileFault]}
        </p>
      )}
      {isUnderWay(profile.status) && <AnalysingNotice />}
      {(profile.status === 'failed' || profile.status === 'quarantined') && (
        <FailedNotice profile={profile} />
      )}
      {profile.status === 'ready' && (
        <ProfileBody {...{ source, profile, state, update, hasView }} />
      )}
    </div>
  )
}

interface KnownHeaderProps {
  readonly profile: ProfileSummary
  readonly source: ProfileSource
  readonly state: ViewState
}

const KnownHeader = memo(function KnownHeader({ profile, source, state }: KnownHeaderProps) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  return (
    <ProfileHeader profile={profile}>
      <NearestProfile profile={profile} />
      {profile.captureId !== null && (
        <Link
          to="/captures/$id"
          params={{ id: profile.captureId }}
          className={classes['capture'] ?? ''}
        >
          {texts.partOfCapture}
        </Link>
      )}
      {canOperate && (
        <PinButton
          pinnedAt={profile.pinnedAt}
          onPin={(isPinned) => pinProfile(profile.id, isPinned)}
          queryKey={['profile', profile.id]}
        />
      )}
      <ProfileExport source={source} profile={profile} state={state} />
      {profile.status === 'ready' && (
        <ShareButton
          subject={{ profileId: profile.id }}
          view={formatQueryString(formatViewState(state))}
        />
      )}
    </ProfileHeader>
  )
})
