import { Button, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ExportFormat, ProfileSummary } from '../../api/index.ts'
import { exportApiPath, rawApiPath, svgApiPath } from '../paths.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { reportMarkdown } from '../findings/report-markdown.ts'
import { reportQuery } from '../requests/profile-queries.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { downloadPng } from './download-png.ts'
import { hasFilters } from '../view-state/filters.ts'
import { filterParams, type ViewState } from '../view-state/view-state.ts'

const FORMATS: readonly ExportFormat[] = ['pprof', 'folded', 'speedscope', 'csv', 'json']

/** The findings as text for an issue tracker. */
function CopyMarkdown({ profile }: { readonly profile: ProfileSummary }) {
  const { texts, language } = useLanguage()
  const { data: report } = useQuery(reportQuery({ kind: 'profile', id: profile.id }, language))
  if (report === undefined) return null
  const title = [profile.target ?? profile.component, profile.type].filter(Boolean).join(' ')
  const copy = () => {
    const url = `${location.origin}${location.pathname}`
    void navigator.clipboard.writeText(reportMarkdown(report, { title, url, texts }))
  }
  return <Menu.Item onClick={copy}>{texts.copyMarkdown}</Menu.Item>
}

interface DownloadMenuProps {
  readonly profile: ProfileSummary
  /** Downloads in other formats contain what the page shows. */
  readonly state: ViewState
}

/** The original bytes, and the filtered profile in the formats of other tools. */
export function DownloadMenu({ profile, state }: DownloadMenuProps) {
  const texts = useTexts()
  const label = hasFilters(state.filters) ? texts.exportFiltered : texts.exportAs
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size="compact-md" variant="default" aria-label={texts.download}>
          <DownloadIcon />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={rawApiPath(profile.id)} download>
          {texts.downloadRaw}
        </Menu.Item>
        {profile.status === 'ready' && (
          <>
            <CopyMarkdown profile={profile} />
            <Menu.Label>{label}</Menu.Label>
            <Menu.Item
              component="a"
              href={svgApiPath(profile.id, { ...filterParams(state), width: '1600' })}
              download={`${profile.id}.svg`}
            >
              {texts.exportSvg}
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                void downloadPng(
                  svgApiPath(profile.id, { ...filterParams(state), width: '1600' }),
                  `${profile.id}.png`,
                )
              }
            >
              {texts.exportPng}
            </Menu.Item>
            {FORMATS.map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={exportApiPath(profile.id, { ...filterParams(state), format })}
                download
              >
                {texts.exportFormats[format]}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
