import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'

/** In place of a file that this browser no longer has. */
export function LocalGone() {
  const texts = useTexts()
  return (
    <Message title={texts.localGoneTitle}>
      <p className="muted">{texts.localGoneLead}</p>
      <Link to="/local">{texts.localTitle}</Link>
    </Message>
  )
}
