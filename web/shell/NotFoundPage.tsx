import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'

export function NotFoundPage() {
  const texts = useTexts()
  return (
    <Message title={texts.notFoundTitle}>
      <p className="muted">{texts.notFoundLead}</p>
      <Link to="/">{texts.backToStart}</Link>
    </Message>
  )
}
