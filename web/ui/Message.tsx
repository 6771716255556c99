import type { ReactNode } from 'react'
import { usePageTitle } from './use-page-title.ts'
import classes from './Message.module.css'

interface MessageProps {
  readonly title: string
  readonly children?: ReactNode
}

/** A page or section without content, with the reason. */
export function Message(props: MessageProps) {
  usePageTitle(props.title)
  return (
    <section className={classes['message']}>
      <h1 className={classes['title']}>{props.title}</h1>
      {props.children}
    </section>
  )
}
