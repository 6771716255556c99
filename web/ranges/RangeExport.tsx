import { Menu } from '@mantine/core'
import { useState } from 'react'
import { chosenPer, useCompareChoice } from '../compare/use-compare-choice.ts'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { differenceOf, pictureOf } from '../export/export-source.ts'
import { formatTime } from '../format/format-time.ts'
import { rangeApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { Announcement } from '../ui/Announcement.tsx'
import { copyText } from '../ui/copy-text.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { rangeParams, type RangeState } from './range-state.ts'
import { useRangeRates } from './use-range-rates.ts'

interface RangeExportProps {
  readonly range: RangeState
  readonly state: ViewState
}

/** What a range, or its comparison with another window, can be taken along as; and the command that prints it. */
export function RangeExport({ range, state }: RangeExportProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const [choice] = useCompareChoice()
  const rates = useRangeRates(range)
  const [said, setSaid] = useState('')
  const copy = () =>
    void copyText(queryCommand(range, location.origin)).then(
      () => setSaid(texts.copied),
      () => setSaid(texts.copyFailed),
    )
  const { before, selector, type, fromMs, toMs } = range
  const timeOf = (timeMs: number) => formatTime(new Date(timeMs).toISOString(), zone)
  const title = [selector, type].filter((part) => part !== '').join(' ')
  const spans = [...(before === null ? [] : [before]), { fromMs, toMs }]
  const facts = spans.map((span) => `${timeOf(span.fromMs)} – ${timeOf(span.toMs)}`)
  const path = rangeApiPath('columns', rangeParams(range))
  const picture =
    before === null
      ? pictureOf(path, title, state)
      : differenceOf(
          { before: rangeApiPath('columns', rangeParams(range, before)), after: path },
          title,
          { ...choice, per: chosenPer(choice, rates) },
        )
  return (
    <>
      <ExportMenu page={{ title, facts, report: null }} pictures={[picture]}>
        <Menu.Item component="a" href={rangeApiPath('raw', rangeParams(range))} download>
          {texts.downloadRaw}
        </Menu.Item>
        <Menu.Item onClick={copy}>{texts.rangeCopyCommand}</Menu.Item>
      </ExportMenu>
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
