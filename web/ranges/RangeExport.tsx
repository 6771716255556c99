import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { rangeApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Announcement } from '../ui/Announcement.tsx'
import { DownloadIcon } from '../ui/icons.tsx'
import { rangeParams, type RangeState } from './range-state.ts'

/** The range as a profile for other tools, and as a command. */
export function RangeExport({ range }: { readonly range: RangeState }) {
  const texts = useTexts()
  const [said, setSaid] = useState('')
  const copy = () =>
    void navigator.clipboard
      .writeText(queryCommand(range, location.origin))
      .then(() => setSaid(texts.copied))
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button size="compact-md" variant="default" aria-label={texts.download}>
            <DownloadIcon />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={rangeApiPath('raw', rangeParams(range))} download>
            {texts.exportFormats.pprof}
          </Menu.Item>
          <Menu.Item onClick={copy}>{texts.rangeCopyCommand}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Announcement text={said} onEnd={() => setSaid('')} />
    </>
  )
}

/** The command that prints the same range. */
function queryCommand(range: RangeState, server: string): string {
  const { q = '', type, from, to, si, by } = rangeParams(range)
  const flags = Object.entries({ type, from, to, sample_index: si, by, server }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]),
  )
  return `kubeprof query '${q.replaceAll("'", String.raw`'\''`)}' ${flags.join(' ')}`
}
