import type { Note } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './Notes.module.css'

interface NotesProps {
  readonly notes: readonly Note[]
  readonly isOpen: boolean
}

/** What could not be judged, and why. */
export function Notes({ notes, isOpen }: NotesProps) {
  const texts = useTexts()
  return (
    <details className={`card ${classes['card']}`} open={isOpen}>
      <summary className={classes['title']}>
        <h2>{texts.notesTitle}</h2>
        <span className="muted">{texts.notesCount(notes.length)}</span>
      </summary>
      <ul className={classes['list']}>
        {notes.map((note) => (
          <li key={`${note.code} ${note.text}`}>
            <UntrustedText text={note.text} />
          </li>
        ))}
      </ul>
    </details>
  )
}
