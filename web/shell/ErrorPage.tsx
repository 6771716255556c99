import { Button } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'

/** Shown in place of a page that threw an error. */
export function ErrorPage(props: ErrorComponentProps) {
  const texts = useTexts()
  return (
    <Message title={texts.errorTitle}>
      <p className="muted">{texts.errorLead}</p>
      <p className="mono">{props.error instanceof Error ? props.error.message : ''}</p>
      <Button variant="default" onClick={() => location.reload()}>
        {texts.retry}
      </Button>
    </Message>
  )
}
