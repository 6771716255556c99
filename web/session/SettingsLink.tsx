import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'
import { useTexts } from '../texts/texts-context.ts'

interface SettingsLinkProps {
  readonly className: string | undefined
}

/** For everyone who is signed in: the page shows each what they may see. */
export function SettingsLink({ className }: SettingsLinkProps) {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  if (session === undefined || session.role === null) return null
  return (
    <Link to="/settings" className={className}>
      {texts.navSettings}
    </Link>
  )
}
