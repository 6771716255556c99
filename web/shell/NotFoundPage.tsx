import { Link } from '@tanstack/react-router'
import { startPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'

export function NotFoundPage() {
  const texts = useTexts()
  return (
    <Message title={texts.notFoundTitle}>
      <p className="muted">{texts.notFoundLead}</p>
      <Link to={startPath}>{texts.backToStart}</Link>
    </Message>
  )
}
