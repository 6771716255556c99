import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { isOfNothing } from '../requests/call-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FailureReason } from './FailureReason.tsx'
import { Message } from './Message.tsx'
import classes from './Message.module.css'

interface PageFailureProps {
  readonly error: Error
  /** What is said where there is nothing at the address. */
  readonly unknown: { readonly title: string; readonly lead?: string }
  /** The title where it could not be loaded. */
  readonly failed: string
  readonly onRetry: () => void
  /** A link to where one can go on; none for strangers. */
  readonly children?: ReactNode
}

/** In place of a page whose subject is not there, or could not be loaded. */
export function PageFailure({ error, unknown, failed, onRetry, children }: PageFailureProps) {
  const texts = useTexts()
  if (isOfNothing(error)) {
    return (
      <Message title={unknown.title}>
        {unknown.lead !== undefined && <p className="muted">{unknown.lead}</p>}
        {children}
      </Message>
    )
  }
  return (
    <Message title={failed}>
      <p className="muted" role="alert">
        <FailureReason error={error} />
      </p>
      <div className={classes['ways']}>
        <Button size="compact-md" variant="default" onClick={onRetry}>
          {texts.retry}
        </Button>
        {children}
      </div>
    </Message>
  )
}
