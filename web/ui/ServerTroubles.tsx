import { useQuery } from '@tanstack/react-query'
import { serverTroublesQuery } from '../requests/server-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ServerTroubles.module.css'

/** What of the server does not work: that nothing is deleted, that history is behind. Nothing where all does. */
export function ServerTroubles() {
  const texts = useTexts()
  const { data } = useQuery(serverTroublesQuery())
  if (data === undefined || data.length === 0) return null
  return (
    <section className={`card ${classes['box']}`} role="alert" aria-label={texts.serverTroubles}>
      <strong>{texts.serverTroubles}</strong>
      <ul>
        {data.map(({ name, text }) => (
          <li key={name}>
            <strong>{name}</strong>: <UntrustedText text={text} />
          </li>
        ))}
      </ul>
    </section>
  )
}
