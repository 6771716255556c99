import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { reachableQuery } from '../requests/reach-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'
import { isMissingPart } from './missing-part.ts'

/** Shown in place of a page that threw an error. */
export function ErrorPage({ error }: ErrorComponentProps) {
  const texts = useTexts()
  if (isMissingPart(error)) return <MissingPart error={error} />
  return (
    <Message title={texts.errorTitle}>
      <p className="muted">{texts.errorLead}</p>
      <p className="mono">{error instanceof Error ? error.message : ''}</p>
      <Button variant="default" onClick={() => location.reload()}>
        {texts.retry}
      </Button>
    </Message>
  )
}

/** A page whose code did not arrive. It is loaded again when the server, which was lost, answers. */
function MissingPart({ error }: { readonly error: Error }) {
  const texts = useTexts()
  const { data: isReachable } = useQuery(reachableQuery())
  const wasLost = useRef(false)
  useEffect(() => {
    if (isReachable === false) wasLost.current = true
    else if (isReachable === true && wasLost.current) location.reload()
  }, [isReachable])
  return (
    <Message title={texts.partMissingTitle}>
      <p className="muted">{texts.partMissingLead}</p>
      <p className="mono">{error.message}</p>
      <Button variant="default" onClick={() => location.reload()}>
        {texts.retry}
      </Button>
    </Message>
  )
}
