import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CaptureSummary } from '../../api/index.ts'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { pictureOf } from '../export/export-source.ts'
import { captureApiPath, columnsApiPath } from '../paths.ts'
import { captureReportQuery } from '../requests/capture-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { DEFAULT_VIEW_STATE } from '../view-state/view-state.ts'
import { captureFacts } from './capture-facts.ts'
import { captureTitle } from '../format/capture-title.ts'
import { profilesOf } from './main-profile.ts'

/** What a capture can be taken along as: its findings with all its flame graphs, and the files that it is made of. */
export function CaptureExport({ capture }: { readonly capture: CaptureSummary }) {
  const { texts, language } = useLanguage()
  const { zone } = useTimeZone()
  const isReady = capture.reportStatus === 'ready'
  const { data: report } = useQuery({
    ...captureReportQuery(capture.id, language),
    enabled: isReady,
  })
  const pictures = profilesOf(capture).map(({ kind, profileId }) =>
    pictureOf(columnsApiPath({ kind: 'profile', id: profileId }), kind, DEFAULT_VIEW_STATE),
  )
  return (
    <ExportMenu
      page={{
        title: captureTitle(capture, texts, zone),
        facts: captureFacts(capture, texts),
        report: report ?? null,
      }}
      pictures={isReady ? pictures : []}
    >
      <Menu.Item component="a" href={captureApiPath(capture.id, 'bundle')} download>
        {texts.captureDownload}
      </Menu.Item>
    </ExportMenu>
  )
}
