import type { RangeEvent } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'
import type { ChartMark } from './chart.ts'

/** What happened to the processes of a chart, with a link to the finding or the capture that shows it. */
export function marksOfEvents(events: readonly RangeEvent[], texts: Texts): readonly ChartMark[] {
  const processes = new Set(events.map(({ target, instance }) => `${target} ${instance ?? ''}`))
  return events.map((event) => {
    const { at, kind, target, instance, captureId, findingId } = event
    const text = textOf(event, texts)
    const place = instance ?? target
    const mark = {
      atMs: Date.parse(at),
      kind,
      text: processes.size > 1 ? `${place}: ${text}` : text,
    }
    if (findingId !== null) return { ...mark, link: { to: 'finding', id: findingId } }
    return captureId === null ? mark : { ...mark, link: { to: 'capture', id: captureId } }
  })
}

function textOf({ kind, before, after, title }: RangeEvent, texts: Texts): string {
  if (kind === 'restart') return texts.timelineRestart
  if (kind === 'version') return texts.timelineVersion(before ?? '?', after ?? '?')
  if (kind === 'alert') return title ?? texts.timelineAlert
  return title ?? texts.timelineFinding
}
