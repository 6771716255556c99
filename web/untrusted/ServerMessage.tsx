import { type DescribedError, serverMessage, serverText } from '../texts/server-message.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from './UntrustedText.tsx'

/** An error of the server in the language of the page. */
export function ServerMessage({ error }: { readonly error: DescribedError }) {
  const { language } = useLanguage()
  return <UntrustedText text={serverMessage(error, language)} />
}

/** A note, a description or a reason of the server in the language of the page. */
export function ServerText({ text }: { readonly text: string }) {
  const { language } = useLanguage()
  return <UntrustedText text={serverText(text, language)} />
}
