import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './Sources.module.css'

/** The sources of a rule. Only web addresses become links. */
export function Sources(props: { readonly sources: readonly string[] }) {
  const texts = useTexts()
  if (props.sources.length === 0) return null
  return (
    <p className={classes['line']}>
      {texts.sources}
      {props.sources.map((source) => (
        <span key={source} className={classes['source']}>
          {source.startsWith('https://') ? (
            <a href={source} target="_blank" rel="noreferrer noopener">
              {shortAddress(source)}
            </a>
          ) : (
            <UntrustedText text={source} />
          )}
        </span>
      ))}
    </p>
  )
}

/** `https://github.com/kubernetes/kubernetes/issues/1` as `kubernetes/kubernetes#1`; others by host and last part. */
function shortAddress(address: string): string {
  const issue = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)/.exec(address)
  if (issue !== null) return `${issue[1]}#${issue[2]}`
  const { hostname, pathname } = new URL(address)
  const last = pathname.split('/').findLast((part) => part !== '') ?? ''
  return last === '' ? hostname : `${hostname.replace(/^www\./, '')}/…/${last}`
}
