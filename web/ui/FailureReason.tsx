import { ServerError } from '../requests/call-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'

/** Why a request failed, with the id under which the server's log has it. */
export function FailureReason({ error }: { readonly error: Error }) {
  const texts = useTexts()
  if (!(error instanceof ServerError)) return <ServerText text={error.message} />
  return (
    <>
      <ServerMessage error={error} />
      {error.requestId !== null && texts.requestId(error.requestId)}
    </>
  )
}
