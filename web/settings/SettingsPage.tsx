import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerTroubles } from '../ui/ServerTroubles.tsx'
import { TimeZoneSelect } from '../ui/TimeZoneSelect.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { AuditSection } from './AuditSection.tsx'
import classes from './SettingsPage.module.css'
import { LinksSection } from './LinksSection.tsx'
import { TokensSection } from './TokensSection.tsx'

/** Tokens, links and the audit log, for admins. */
export function SettingsPage() {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  usePageTitle(texts.settingsTitle)
  if (session === undefined) return null
  return (
    <div className={`page ${classes['sections']}`}>
      <h1 className="page-title">{texts.settingsTitle}</h1>
      <p className={classes['zone']}>
        {texts.timeZone} <TimeZoneSelect />
      </p>
      <ServerTroubles />
      <TokensSection isOpen={!session.needsToken} />
      <LinksSection />
      <AuditSection />
    </div>
  )
}
