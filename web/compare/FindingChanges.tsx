import type { ReactNode } from 'react'
import type { Finding } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './FindingChanges.module.css'

/** A finding of one or both sides of a comparison. */
export interface FindingChange {
  readonly key: string
  readonly status: 'new' | 'gone' | 'stays'
  readonly level: Finding['level']
  /** The link to it. */
  readonly title: ReactNode
  readonly detail: string
}

/** The findings of both sides of a comparison, with what is new and what is gone. */
export function FindingChanges({ changes }: { readonly changes: readonly FindingChange[] }) {
  const texts = useTexts()
  return (
    <section aria-labelledby="finding-changes">
      <h2 id="finding-changes" className={classes['heading']}>
        {texts.compareFindings}
      </h2>
      {changes.length === 0 ? (
        <p className="muted">{texts.compareNoFindings}</p>
      ) : (
        <ul className={`card ${classes['list']}`}>
          {changes.map(({ key, status, level, title, detail }) => (
            <li key={key} className={classes['row']}>
              <span className={classes['status']}>{texts.compareFindingIn[status]}</span>
              <LevelMark level={level} />
              {title}
              <span className="numbers muted">
                <UntrustedText text={detail} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
