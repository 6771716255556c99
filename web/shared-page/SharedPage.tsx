import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type SharedReply, showsReport } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { isEmbeddedPage } from '../paths.ts'
import { ProfileBody } from '../profile-page/ProfileBody.tsx'
import { ProfileExport } from '../profile-page/ProfileExport.tsx'
import { ProfileHeader } from '../profile-page/ProfileHeader.tsx'
import { ServerError } from '../requests/call-server.ts'
import { sharedQuery } from '../requests/profile-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'
import { PageFailure } from '../ui/PageFailure.tsx'
import { parseQueryString } from '../view-state/search-params.ts'
import { useViewState } from '../view-state/use-view-state.ts'
import { SharedCapture } from './SharedCapture.tsx'
import { SharedComparison } from './SharedComparison.tsx'
import classes from './SharedPage.module.css'

/** The page of a link: a view of a profile, a capture, or a comparison; in a frame of another page, too. */
export function SharedPage() {
  const { token = '' } = useParams({ strict: false })
  const texts = useTexts()
  const { data: shared, error, refetch } = useQuery(sharedQuery(token))
  if (shared !== undefined) return <KnownLink token={token} shared={shared} />
  if (error === null) return <Skeleton height={180} radius="md" />
  if (error instanceof ServerError && error.status === 410) {
    return (
      <Message title={texts.linkGoneTitle}>
        <p className="muted">{texts.linkGoneLead}</p>
      </Message>
    )
  }
  return (
    <PageFailure
      error={error}
      unknown={{ title: texts.linkUnknownTitle, lead: texts.linkUnknownLead }}
      failed={texts.linkNotLoaded}
      onRetry={() => void refetch()}
    />
  )
}

interface KnownLinkProps {
  readonly token: string
  readonly shared: SharedReply
}

function KnownLink({ token, shared }: KnownLinkProps) {
  const texts = useTexts()
  const isEmbedded = useLocation({ select: ({ pathname }) => isEmbeddedPage(pathname) })
  const { before, capture } = shared
  return (
    <div className="page" data-wide="">
      {!isEmbedded && (
        <p className={classes['banner']}>
          <strong>{texts.sharedBanner}</strong>
          <span>
            {texts.linkEnds} <TimeAgo time={shared.expiresAt} />
          </span>
        </p>
      )}
      {before !== null && <SharedComparison token={token} before={before} shared={shared} />}
      {capture !== null && <SharedCapture token={token} capture={capture} />}
      {before === null && <SharedProfile token={token} shared={shared} />}
    </div>
  )
}

function SharedProfile({ token, shared }: KnownLinkProps) {
  const { profile, view, capture } = shared
  const sharedView = useMemo(() => parseQueryString(view), [view])
  const [state, update] = useViewState(sharedView)
  const isEmbedded = useLocation({ select: ({ pathname }) => isEmbeddedPage(pathname) })
  const hasSearch = Object.keys(useSearch({ strict: false })).length > 0
  // A link to the whole profile opens as the page of the profile does: what is wrong first.
  const isOfView = hasSearch || shared.exposure.scope === 'view' || view !== '' || isEmbedded
  const hasReport = showsReport(shared.exposure)
  const source = useMemo(() => ({ kind: 'link' as const, token }), [token])
  return (
    <>
      {capture === null && (
        <ProfileHeader profile={profile}>
          <ProfileExport {...{ source, profile, state, hasReport }} />
        </ProfileHeader>
      )}
      <ProfileBody
        {...{ source, state, update, profile }}
        hasView={capture === null && isOfView}
        hasFindings={capture === null}
        hasReport={hasReport}
      />
    </>
  )
}
