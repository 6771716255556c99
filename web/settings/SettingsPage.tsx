import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../requests/session-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerTroubles } from '../ui/ServerTroubles.tsx'
import { TimeZoneSelect } from '../ui/TimeZoneSelect.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { AuditSection } from './AuditSection.tsx'
import classes from './SettingsPage.module.css'
import { LinksSection } from './LinksSection.tsx'
import { StorageSection } from './StorageSection.tsx'
import { TokensSection } from './TokensSection.tsx'

/** The time zone, and for those who may see them what is stored, the links, the tokens and the audit log. The server checks this too. */
export function SettingsPage() {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  const canOperate = useCanOperate()
  usePageTitle(texts.settingsTitle)
  if (session === undefined) return null
  const isAdmin = session.role === 'admin'
  return (
    <div className={`page ${classes['sections']}`}>
      <h1 className="page-title">{texts.settingsTitle}</h1>
      <p className={classes['zone']}>
        {texts.timeZone} <TimeZoneSelect />
      </p>
      {isAdmin && <ServerTroubles />}
      {isAdmin && <StorageSection />}
      {isAdmin && <TokensSection isOpen={!session.needsToken} />}
      {canOperate && <LinksSection />}
      {isAdmin && <AuditSection />}
    </div>
  )
}
