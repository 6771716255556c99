import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ProfileSummary } from '../../api/index.ts'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { pictureOf } from '../export/export-source.ts'
import { columnsPath, type ProfileSource, rawApiPath } from '../paths.ts'
import { reportQuery } from '../requests/profile-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { profileFacts, profileTitle } from './profile-facts.ts'

interface ProfileExportProps {
  readonly source: ProfileSource
  readonly profile: ProfileSummary
  readonly state: ViewState
  /** False for a link that does not show the report. */
  readonly hasReport?: boolean
}

/** What a profile can be taken along as, in the state that the page shows. */
export function ProfileExport({ source, profile, state, hasReport = true }: ProfileExportProps) {
  const { texts, language } = useLanguage()
  const { zone } = useTimeZone()
  const isReady = profile.status === 'ready'
  const { data: report } = useQuery({
    ...reportQuery(source, language),
    enabled: isReady && hasReport,
  })
  const title = [profileTitle(profile, texts), profile.type].filter(Boolean).join(' ')
  return (
    <ExportMenu
      page={{ title, facts: profileFacts(profile, texts, zone), report: report ?? null }}
      pictures={isReady ? [pictureOf(columnsPath(source), title, state)] : []}
    >
      {source.kind === 'profile' && (
        <Menu.Item component="a" href={rawApiPath(source.id)} download>
          {texts.downloadRaw}
        </Menu.Item>
      )}
    </ExportMenu>
  )
}
