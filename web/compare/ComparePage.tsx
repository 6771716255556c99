import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ProfileSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import { columnsApiPath } from '../paths.ts'
import { ShareButton } from '../share/ShareButton.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { FitIcon } from '../ui/icons.tsx'
import { Message } from '../ui/Message.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { CompareExport } from './CompareExport.tsx'
import { CompareFindings } from './CompareFindings.tsx'
import { ComparePanel } from './ComparePanel.tsx'
import classes from './ComparePage.module.css'
import { sideFact } from './side-fact.ts'
import { useCompareClient, useSides } from './use-pair.ts'

/** What changed from one profile, or capture, to another. */
export function ComparePage() {
  const texts = useTexts()
  const { a = '', b = '', of = '' } = useSearch({ from: '/compare' })
  usePageTitle(texts.compareTitle)
  if (a === '' || b === '') {
    return (
      <Message title={texts.compareTitle}>
        <p className="muted">{texts.compareMissing}</p>
        <Link to="/">{texts.backToStart}</Link>
      </Message>
    )
  }
  return <ComparedPair a={a} b={b} of={of} />
}

interface ComparedPairProps {
  readonly a: string
  readonly b: string
  /** `captures` where the ids are of captures. */
  readonly of: string
}

function ComparedPair({ a, b, of }: ComparedPairProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const navigate = useNavigate()
  const [before, after] = useSides(a, b, of === 'captures')
  const ids = [before.profile?.id ?? '', after.profile?.id ?? ''] as const
  const { client, error } = useCompareClient(...ids)
  const failure = before.error ?? after.error ?? error
  return (
    <div className="page">
      <header className={classes['header']}>
        <h1 className="page-title">{texts.compareTitle}</h1>
        <div className={classes['sides']}>
          <Side label={texts.compareBefore} profile={before.profile} />
          <Tooltip label={texts.compareSwap}>
            <ActionIcon
              size={28}
              variant="default"
              aria-label={texts.compareSwap}
              onClick={() =>
                void navigate({
                  to: '/compare',
                  search: { a: b, b: a, ...(of === '' ? {} : { of }) },
                })
              }
            >
              <FitIcon />
            </ActionIcon>
          </Tooltip>
          <Side label={texts.compareAfter} profile={after.profile} />
          {client !== null && before.profile !== undefined && after.profile !== undefined && (
            <CompareExport
              before={columnsApiPath({ kind: 'profile', id: ids[0] })}
              after={columnsApiPath({ kind: 'profile', id: ids[1] })}
              facts={[
                sideFact(texts.compareBefore, before.profile, zone),
                sideFact(texts.compareAfter, after.profile, zone),
              ]}
            />
          )}
          {client !== null && (
            <ShareButton subject={{ profileId: ids[1], beforeId: ids[0] }} view="" />
          )}
        </div>
      </header>
      {failure !== null && <RequestFailure title={texts.compareFailed} error={failure} />}
      {ids[0] !== '' && ids[0] === ids[1] && <p className="muted">{texts.compareSame}</p>}
      {client === null && failure === null && <Skeleton height={420} radius="md" />}
      {client !== null && (
        <ComparePanel client={client} ids={{ before: ids[0], after: ids[1] }}>
          <CompareFindings before={ids[0]} after={ids[1]} />
        </ComparePanel>
      )}
    </div>
  )
}

interface SideProps {
  readonly label: string
  readonly profile: ProfileSummary | undefined
}

function Side({ label, profile }: SideProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  if (profile === undefined) return <Skeleton height={44} width={220} radius="sm" />
  const name = profile.target ?? profile.component ?? profile.fileName ?? texts.unknownComponent
  return (
    <div>
      <p className={classes['label']}>{label}</p>
      <Link to="/profiles/$id" params={{ id: profile.id }}>
        <UntrustedText text={name} /> {profile.type}
      </Link>{' '}
      <span className="muted numbers">
        {formatTime(profile.takenAt ?? profile.receivedAt, zone)}
      </span>
    </div>
  )
}
