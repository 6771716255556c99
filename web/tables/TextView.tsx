import { NativeSelect, Skeleton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { formatCount } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import { TEXT_VIEWS, type TextView as Report } from '../view-worker/view-messages.ts'
import classes from './TextView.module.css'

const LINE_PX = 18

/** The reports of pprof as text, to be read and copied. */
export function TextView({ client, query, state, update }: ViewProps) {
  const texts = useTexts()
  const report: Report = TEXT_VIEWS.find((known) => known === state.report) ?? TEXT_VIEWS[0]
  const { data, error } = useWorkerAnswer(client, ['text', query, report], async () => {
    const file = await client.file({ query, format: report, of: 'profile' })
    return file.text()
  })
  const lines = useMemo(() => (data ?? '').replace(/\n$/, '').split('\n'), [data])
  if (error !== null && data === undefined) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  return (
    <div className={classes['text']}>
      <div className={classes['bar']}>
        <NativeSelect
          size="xs"
          aria-label={texts.textReport}
          value={report}
          data={TEXT_VIEWS.map((value) => ({ value, label: `-${value}` }))}
          onChange={(event) => update({ report: event.currentTarget.value })}
        />
        <span className="muted numbers">{texts.textLines(formatCount(lines.length))}</span>
        {data !== undefined && <CopyButton text={data} label={texts.copyText} />}
      </div>
      {data === undefined ? <Skeleton height={420} radius="sm" /> : <Lines lines={lines} />}
    </div>
  )
}

/** Any number of lines, of which only the visible ones are drawn. */
function Lines({ lines }: { readonly lines: readonly string[] }) {
  const texts = useTexts()
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
  })
  const widest = useMemo(
    () => lines.reduce((most, { length }) => Math.max(most, length), 0),
    [lines],
  )
  return (
    <div
      ref={scroller}
      role="region"
      aria-label={texts.textReport}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key
      tabIndex={0}
      className={classes['scroller']}
      style={{ height: `min(70vh, ${lines.length * LINE_PX + 18}px)` }}
    >
      <div style={{ height: virtualizer.getTotalSize(), minWidth: `${widest}ch` }} className="mono">
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className={classes['line']}
            style={{ transform: `translateY(${start}px)` }}
          >
            <UntrustedText text={lines[index] ?? ''} />
          </div>
        ))}
      </div>
    </div>
  )
}
