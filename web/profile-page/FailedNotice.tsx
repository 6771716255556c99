import type { ProfileSummary } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import classes from './FailedNotice.module.css'

/** Why a profile could not be read, and what to do. */
export function FailedNotice(props: { readonly profile: ProfileSummary }) {
  const texts = useTexts()
  const { error, status } = props.profile
  return (
    <section className={`card ${classes['box']}`} role="alert">
      <h2 className={classes['title']}>
        {status === 'quarantined' ? texts.quarantinedTitle : texts.failedTitle}
      </h2>
      {status === 'quarantined' && <p>{texts.quarantinedLead}</p>}
      {error !== null && (
        <p>
          <ServerMessage error={error} />
        </p>
      )}
      <h3 className={classes['heading']}>{texts.failedWhatToDo}</h3>
      <p>{adviceFor(error?.code ?? '', error?.reason ?? '', texts)}</p>
      {error !== null && (
        <p className={`mono muted ${classes['code']}`}>
          {[error.code, error.reason].filter((part) => part !== null).join(' · ')}
        </p>
      )}
    </section>
  )
}

function adviceFor(code: string, reason: string, texts: Texts): string {
  const { failedAdvice } = texts
  if (code === 'PROFILE_TOO_LARGE') return failedAdvice.tooLarge
  if (reason.startsWith('gzip') || reason === 'truncated') return failedAdvice.gzip
  return reason.includes('text') ? failedAdvice.text : failedAdvice.other
}
