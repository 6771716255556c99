import { Link } from '@tanstack/react-router'
import type { ProfileSummary } from '../../api/index.ts'
import { formatSizeBytes } from '../format/format-value.ts'
import { formatShare } from '../format/format-share.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { isUnderWay } from '../requests/profile-queries.ts'
import { LevelMark } from '../shell/LevelMark.tsx'
import type { Texts } from '../texts/en.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './RecentProfiles.module.css'

export function ProfileRow(props: { readonly profile: ProfileSummary }) {
  const { profile } = props
  const name = profile.target ?? profile.component ?? profile.fileName ?? profile.id
  return (
    <li>
      <Link to="/profiles/$id" params={{ id: profile.id }} className={classes['row']}>
        <span className={classes['name']}>
          <UntrustedText text={name} />
          {profile.type !== null && <span className={classes['type']}>{profile.type}</span>}
        </span>
        <span className={classes['verdict']}>
          <Verdict profile={profile} />
        </span>
        <span className={classes['meta']}>
          {profile.fileName !== null && profile.fileName !== name && (
            <span className={classes['file']}>
              <UntrustedText text={profile.fileName} />
            </span>
          )}
          <span>{formatSizeBytes(profile.sizeBytes)}</span>
          <TimeAgo time={profile.receivedAt} />
        </span>
      </Link>
    </li>
  )
}

function Verdict(props: { readonly profile: ProfileSummary }) {
  const { texts, language } = useLanguage()
  const { status, worstFinding, findingCount, error } = props.profile
  if (isUnderWay(status)) {
    return <span className={classes['waiting']}>{statusText(status, texts)}…</span>
  }
  if (status !== 'ready') {
    return (
      <span className={classes['refused']}>
        {statusText(status, texts)}
        {error !== null && (
          <span className="muted">
            {' '}
            <UntrustedText text={error.message} />
          </span>
        )}
      </span>
    )
  }
  if (worstFinding === null) return <span className={classes['quiet']}>{texts.noFindingShort}</span>
  const title =
    language === 'zh' ? (worstFinding.titleZh ?? worstFinding.title) : worstFinding.title
  return (
    <>
      <LevelMark level={worstFinding.level} />
      <span className={classes['finding']}>{title}</span>
      {worstFinding.share !== null && (
        <span className="numbers">{formatShare(worstFinding.share)}</span>
      )}
      {findingCount > 1 && <span className="muted">{texts.moreFindings(findingCount - 1)}</span>}
    </>
  )
}

function statusText(status: ProfileSummary['status'], texts: Texts): string {
  if (status === 'received') return texts.statusReceived
  if (status === 'analysing') return texts.statusAnalysing
  if (status === 'ready') return texts.statusReady
  return status === 'failed' ? texts.statusFailed : texts.statusQuarantined
}
