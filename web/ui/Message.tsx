import type { ReactNode } from 'react'
import classes from './Message.module.css'

interface MessageProps {
  readonly title: string
  readonly children?: ReactNode
}

/** A page or section without content, with the reason. */
export function Message(props: MessageProps) {
  return (
    <section className={classes['message']}>
      <h1 className={classes['title']}>{props.title}</h1>
      {props.children}
    </section>
  )
}
