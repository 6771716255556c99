import { Link } from '@tanstack/react-router'
import type { ProfileSummary } from '../../api/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import { isUnderWay } from '../requests/profile-queries.ts'
import { RowTime } from '../lists/RowTime.tsx'
import type { RowOrder } from '../lists/row-times.ts'
import { SelectableRow } from '../lists/SelectableRow.tsx'
import { WorstFinding } from '../lists/WorstFinding.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ProfileRow.module.css'
import rows from '../lists/Rows.module.css'

interface ProfileRowProps {
  readonly profile: ProfileSummary
  readonly order: RowOrder
  readonly isSelected: boolean
  readonly onToggle: () => void
}

export function ProfileRow({ profile, order, isSelected, onToggle }: ProfileRowProps) {
  const texts = useTexts()
  const name = profile.target ?? profile.component ?? profile.fileName ?? profile.id
  // A target is one place already.
  const { target, instance, cluster, receivedAt, takenAt } = profile
  const place =
    target === null ? [instance, cluster].filter((part) => part !== null).join(' · ') : ''
  return (
    <SelectableRow
      label={texts.compareSelect(visibleText(`${name} ${profile.type ?? ''}`))}
      isSelected={isSelected}
      onToggle={onToggle}
    >
      <Link
        to="/profiles/$id"
        params={{ id: profile.id }}
        className={`${rows['row']} ${classes['row']}`}
      >
        <span className={classes['name']}>
          <UntrustedText text={name} />
          {profile.type !== null && <span className={classes['type']}>{profile.type}</span>}
          {place !== '' && (
            <span className={classes['type']}>
              <UntrustedText text={place} />
            </span>
          )}
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
          {profile.pinnedAt !== null && <span>{texts.pinned}</span>}
          <span>{formatSizeBytes(profile.sizeBytes)}</span>
          <RowTime times={{ cameAt: receivedAt, takenAt }} order={order} />
        </span>
      </Link>
    </SelectableRow>
  )
}

function Verdict(props: { readonly profile: ProfileSummary }) {
  const texts = useTexts()
  const { status, worstFinding, findingCount, error } = props.profile
  if (isUnderWay(status)) {
    return <span className={classes['waiting']}>{texts.profileStatus[status]}…</span>
  }
  if (status !== 'ready') {
    return (
      <span className={classes['refused']}>
        {texts.profileStatus[status]}
        {error !== null && (
          <span className="muted">
            {' '}
            <ServerMessage error={error} />
          </span>
        )}
      </span>
    )
  }
  return <WorstFinding finding={worstFinding} findingCount={findingCount} />
}
