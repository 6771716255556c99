import type { ReactNode } from 'react'
import { visibleText } from '../untrusted/visible-text.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { usePageTitle } from './use-page-title.ts'
import classes from './PageHeader.module.css'

interface PageHeaderProps {
  readonly title: string
  /** The kind of the thing, beside the title. */
  readonly kind: string | null
  /** What it is of, where only the tab has to say it. */
  readonly of?: string | null
  readonly facts: readonly string[]
  /** What can be done with it. */
  readonly children?: ReactNode
}

/** The header of a page about one thing. */
export function PageHeader(props: PageHeaderProps) {
  const name = [props.title, props.kind].filter((part) => part !== null).join(' ')
  usePageTitle(visibleText([name, props.of ?? null].filter((part) => part !== null).join(' · ')))
  return (
    <header className={classes['header']}>
      <div className={classes['text']}>
        <h1 className={classes['title']}>
          <UntrustedText text={props.title} />
          {props.kind !== null && (
            <span className={classes['kind']}>
              <UntrustedText text={props.kind} />
            </span>
          )}
        </h1>
        {props.facts.length > 0 && (
          <ul className={`numbers ${classes['facts']}`}>
            {props.facts.map((fact) => (
              <li key={fact}>
                <UntrustedText text={fact} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={classes['actions']}>{props.children}</div>
    </header>
  )
}
