import { Button, Menu } from '@mantine/core'
import type { ExportFormat, ProfileSummary } from '../../api/index.ts'
import { exportApiPath, rawApiPath } from '../paths.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { hasFilters } from '../view-state/filters.ts'
import { filterParams, type ViewState } from '../view-state/view-state.ts'

const FORMATS: readonly ExportFormat[] = ['pprof', 'folded', 'speedscope', 'csv', 'json']

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
            <Menu.Label>{label}</Menu.Label>
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
