import type { Note } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './Notes.module.css'

/** What could not be judged, and why. */
export function Notes(props: { readonly notes: readonly Note[] }) {
  const texts = useTexts()
  return (
    <section className={`card ${classes['card']}`} aria-labelledby="notes">
      <h2 id="notes" className={classes['title']}>
        {texts.notesTitle}
      </h2>
      <ul className={classes['list']}>
        {props.notes.map((note) => (
          <li key={`${note.code} ${note.text}`}>
            <UntrustedText text={note.text} />
          </li>
        ))}
      </ul>
    </section>
  )
}
