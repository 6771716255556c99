import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'
import { useTexts } from '../texts/texts-context.ts'

interface SettingsLinkProps {
  readonly className: string | undefined
}

/** Tokens and the audit log are for admins. The server checks this too. */
export function SettingsLink({ className }: SettingsLinkProps) {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  if (session?.role !== 'admin') return null
  return (
    <Link to="/settings" className={className}>
      {texts.navSettings}
    </Link>
  )
}
