import { Button, Menu } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { serverText } from '../texts/server-message.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { Announcement } from '../ui/Announcement.tsx'
import { DownloadIcon } from '../ui/icons.tsx'
import { hasFilters } from '../view-state/filters.ts'
import { DATA_FORMATS, DIFFERENCE_FORMATS, type ExportKind } from './export-kinds.ts'
import type { PageSource, PictureSource } from './export-source.ts'

interface ExportMenuProps {
  readonly page: PageSource
  /** The picture of the page; those of a capture are several, without one there is nothing to draw. */
  readonly pictures: readonly PictureSource[]
  /** Items for what is stored. */
  readonly children?: ReactNode
}

/** The one menu for what can be taken along: pictures, a page, text, and files for other tools. */
export function ExportMenu({ page, pictures, children }: ExportMenuProps) {
  const { texts, language } = useLanguage()
  const { zone } = useTimeZone()
  const [said, setSaid] = useState('')
  const [isRunning, setIsRunning] = useState(false)
  const run = async (kind: ExportKind) => {
    setIsRunning(true)
    setSaid(texts.exportRunning)
    try {
      const { runExport } = await import('./run-export.ts')
      setSaid(await runExport(kind, { page, pictures, texts, language, zone }))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      setSaid(`${texts.exportFailed} ${serverText(reason, language)}`)
    }
    setIsRunning(false)
  }
  const item = (kind: ExportKind, text: string) => (
    <Menu.Item key={kind} onClick={() => void run(kind)}>
      {text}
    </Menu.Item>
  )
  const [picture] = pictures
  const isOne = picture !== undefined && pictures.length === 1
  return (
    <>
      <Menu position="bottom-end" withinPortal={false} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button
            size="compact-md"
            variant="default"
            aria-label={texts.download}
            title={texts.download}
            loading={isRunning}
          >
            <DownloadIcon />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{labelOf(picture, texts)}</Menu.Label>
          {isOne && item('svg', texts.exportSvg)}
          {isOne && item('png', texts.exportPng)}
          {picture !== undefined && item('page', texts.exportPage)}
          {(picture !== undefined || page.report !== null) &&
            item('markdown', texts.exportMarkdown)}
          {isOne && formatsOf(picture).map((format) => item(format, texts.exportFormats[format]))}
          {children !== undefined && <Menu.Label>{texts.exportFiles}</Menu.Label>}
          {children}
        </Menu.Dropdown>
      </Menu>
      <Announcement text={said} onEnd={() => setSaid('')} />
    </>
  )
}

function formatsOf({ beforePath }: PictureSource) {
  return beforePath === null ? DATA_FORMATS : DIFFERENCE_FORMATS
}

function labelOf(
  picture: PictureSource | undefined,
  texts: ReturnType<typeof useLanguage>['texts'],
): string {
  if (picture === undefined || !hasFilters(picture.query.filters)) return texts.exportShown
  return texts.exportFiltered
}
