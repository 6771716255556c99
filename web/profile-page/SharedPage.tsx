import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { SharedReply } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { AnalysingNotice } from './AnalysingNotice.tsx'
import { ProfileBody } from './ProfileBody.tsx'
import { ProfileHeader } from './ProfileHeader.tsx'
import { ServerError } from '../requests/call-server.ts'
import { sharedQuery } from '../requests/profile-queries.ts'
import { Message } from '../ui/Message.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { useViewState } from '../view-state/use-view-state.ts'
import { parseQueryString } from '../view-state/search-params.ts'
import classes from './SharedPage.module.css'

/** The page of a link: one profile in one view. */
export function SharedPage() {
  const { token } = useParams({ from: '/s/$token' })
  const texts = useTexts()
  const { data: shared, error, refetch } = useQuery(sharedQuery(token))
  if (shared !== undefined) return <KnownLink token={token} shared={shared} />
  if (error === null) return <AnalysingNotice />
  if (error instanceof ServerError && error.status === 410) {
    return (
      <Message title={texts.linkGoneTitle}>
        <p className="muted">{texts.linkGoneLead}</p>
        <Link to="/">{texts.backToStart}</Link>
      </Message>
    )
  }
  if (error instanceof ServerError && error.status >= 400 && error.status < 500) {
    return (
      <Message title={texts.linkUnknownTitle}>
        <p className="muted">{texts.linkUnknownLead}</p>
        <Link to="/">{texts.backToStart}</Link>
      </Message>
    )
  }
  return <RequestFailure title={texts.columnsFailed} error={error} onRetry={() => void refetch()} />
}

interface KnownLinkProps {
  readonly token: string
  readonly shared: SharedReply
}

function KnownLink({ token, shared }: KnownLinkProps) {
  const texts = useTexts()
  const sharedView = useMemo(() => parseQueryString(shared.view), [shared.view])
  const [state, update] = useViewState(sharedView)
  const source = useMemo(() => ({ kind: 'link' as const, token }), [token])
  return (
    <div className="page">
      <p className={classes['banner']}>
        <strong>{texts.sharedBanner}</strong>
        <span>
          {texts.linkEnds} <TimeAgo time={shared.expiresAt} />
        </span>
      </p>
      <ProfileHeader profile={shared.profile} />
      <ProfileBody {...{ source, state, update }} profile={shared.profile} hasView />
    </div>
  )
}
