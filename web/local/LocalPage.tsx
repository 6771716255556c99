import { UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CaptureSummary, ProfileSummary } from '../../api/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import { useLocalFiles } from '../local-profiles/local-profiles.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { ChooseBar } from '../lists/ChooseBar.tsx'
import { UploadIcon } from '../ui/icons.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { SelectableRow } from '../lists/SelectableRow.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { WorstFinding } from '../lists/WorstFinding.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useUploadsContext } from '../uploads/uploads-context.ts'
import { captureTime } from '../format/capture-title.ts'
import { isTraceAlone, localCaptureName } from './local-capture-title.ts'
import classes from './LocalPage.module.css'
import { warmUp } from './warm-up.ts'

/** The app without the server: files are read, judged and shown in this browser, and stay there. */
export function LocalPage() {
  const { texts } = useLanguage()
  usePageTitle(texts.localTitle)
  const { chooseFiles } = useUploadsContext()
  const ready = useQuery({
    queryKey: ['local', 'ready'],
    queryFn: async () => {
      await warmUp()
      return true
    },
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: false,
  })
  return (
    <div className="page">
      <h1 className="page-title">{texts.localTitle}</h1>
      <p className={classes['lead']}>{texts.localLead}</p>
      <p className={classes['ready']} role="status" data-ready={ready.isSuccess}>
        {ready.isSuccess ? texts.localReady : ready.isError ? '' : texts.localLoading}
      </p>
      {ready.error !== null && (
        <RequestFailure
          title={texts.localNotReady}
          error={ready.error}
          onRetry={() => void ready.refetch()}
        />
      )}
      <UnstyledButton className={`card ${classes['drop'] ?? ''}`} onClick={chooseFiles}>
        <UploadIcon size={20} />
        <strong>{texts.dropTitle}</strong>
        <span className="muted">{texts.localForms}</span>
      </UnstyledButton>
      <OpenedFiles />
      <p className={classes['leave']}>
        <a href="/">{texts.localLeave}</a>
      </p>
    </div>
  )
}

/** What was opened, in rows that can be chosen: two profiles, or two captures, to compare. */
function OpenedFiles() {
  const { texts } = useLanguage()
  const { zone } = useTimeZone()
  const { profiles, captures } = useLocalFiles()
  const [chosen, setChosen] = useState<readonly string[]>([])
  if (profiles.length === 0 && captures.length === 0) return null
  const alone = profiles.filter(({ summary }) => summary.captureId === null)
  const ids = [...captures, ...alone].map(({ summary }) => summary.id)
  const shown = ids.filter((id) => chosen.includes(id))
  const rowOf = (summary: OpenedFileProps['summary']) => ({
    summary,
    isChosen: shown.includes(summary.id),
    onToggle: (isChosen: boolean) =>
      setChosen(isChosen ? [...shown, summary.id] : shown.filter((id) => id !== summary.id)),
  })
  return (
    <section>
      <h2 className={classes['heading']}>{texts.localOpened}</h2>
      <ChooseBar ids={ids} chosen={shown} onChoose={setChosen}>
        <CompareLink captures={captures.map(({ summary }) => summary.id)} chosen={shown} />
      </ChooseBar>
      <ul className={`card ${rows['list']}`}>
        {captures.map(({ summary }) => (
          <OpenedFile
            key={summary.id}
            {...rowOf(summary)}
            title={localCaptureName(summary, texts)}
            facts={
              isTraceAlone(summary)
                ? [summary.parts[0]?.fileName ?? null]
                : [captureTime(summary, zone), texts.localFiles(summary.parts.length)]
            }
          />
        ))}
        {alone.map(({ summary }) => (
          <OpenedFile
            key={summary.id}
            {...rowOf(summary)}
            title={summary.fileName ?? summary.id}
            facts={[summary.component, summary.type, formatSizeBytes(summary.sizeBytes)]}
          />
        ))}
      </ul>
    </section>
  )
}

interface CompareLinkProps {
  /** The ids that are of captures. */
  readonly captures: readonly string[]
  /** The newest first. */
  readonly chosen: readonly string[]
}

/** Two of a kind are compared, the one that was opened first as the one before. */
function CompareLink({ captures, chosen }: CompareLinkProps) {
  const { texts } = useLanguage()
  const [b = '', a = ''] = chosen
  const captureCount = chosen.filter((id) => captures.includes(id)).length
  if (chosen.length !== 2) return <span className="muted">{texts.localChooseTwo}</span>
  if (captureCount === 1) return <span className="muted">{texts.localUnlike}</span>
  return (
    <Link to="/local/compare" search={{ a, b, ...(captureCount === 2 ? { of: 'captures' } : {}) }}>
      {texts.chosenCompare}
    </Link>
  )
}

interface OpenedFileProps {
  readonly summary: ProfileSummary | CaptureSummary
  readonly title: string
  readonly facts: readonly (string | null)[]
  readonly isChosen: boolean
  readonly onToggle: (isChosen: boolean) => void
}

function OpenedFile({ summary, title, facts, isChosen, onToggle }: OpenedFileProps) {
  const { texts } = useLanguage()
  return (
    <SelectableRow
      label={texts.choose(title)}
      isSelected={isChosen}
      onToggle={() => onToggle(!isChosen)}
    >
      <Link
        to={'parts' in summary ? '/local/captures/$id' : '/local/$id'}
        params={{ id: summary.id }}
        className={`${rows['row']} ${classes['item']}`}
      >
        <UntrustedText text={title} />
        <span className={`muted numbers ${classes['facts']}`}>
          {facts.filter((fact) => fact !== null).join(' · ')}
        </span>
        <span className={classes['verdict']}>
          {isJudged(summary) && (
            <WorstFinding finding={summary.worstFinding} findingCount={summary.findingCount} />
          )}
        </span>
      </Link>
    </SelectableRow>
  )
}

function isJudged(summary: OpenedFileProps['summary']): boolean {
  return !('parts' in summary) || !isTraceAlone(summary)
}
