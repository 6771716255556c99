import { Button, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { formatSizeBytes } from '../../profile/index.ts'
import { useLocalProfiles } from '../local-profiles/local-profiles.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UploadIcon } from '../ui/icons.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { WorstFinding } from '../ui/WorstFinding.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useUploadsContext } from '../uploads/uploads-context.ts'
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
      <Button component="a" href="/" variant="subtle" size="compact-sm" color="gray">
        {texts.localLeave}
      </Button>
    </div>
  )
}

function OpenedFiles() {
  const { texts } = useLanguage()
  const profiles = useLocalProfiles()
  if (profiles.length === 0) return null
  return (
    <section>
      <h2 className={classes['heading']}>{texts.localOpened}</h2>
      <ul className={`card ${classes['list'] ?? ''}`}>
        {profiles.map(({ summary }) => (
          <li key={summary.id} className={classes['item']}>
            <Link to="/local/$id" params={{ id: summary.id }}>
              <UntrustedText text={summary.fileName ?? summary.id} />
            </Link>
            <span className="muted numbers">
              {[summary.component, summary.type, formatSizeBytes(summary.sizeBytes)]
                .filter((text) => text !== null)
                .join(' · ')}
            </span>
            <WorstFinding finding={summary.worstFinding} findingCount={summary.findingCount} />
          </li>
        ))}
      </ul>
    </section>
  )
}
