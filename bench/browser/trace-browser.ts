import type { Browser } from 'playwright-core'
import { isRecord } from '../../api/json-value.ts'

export interface TraceEvent {
  readonly name: string
  readonly ph: string
  /** In microseconds, as its length is. */
  readonly ts: number
  readonly dur?: number
  readonly pid: number
  readonly tid: number
  readonly id2?: { readonly local?: string }
  readonly args?: unknown
}

/** Traces all processes of the browser while something is done; the events that `isWanted` by name, in order of time. */
export async function traceBrowser(
  browser: Browser,
  categories: string[],
  isWanted: (name: string) => boolean,
  act: () => Promise<unknown>,
): Promise<readonly TraceEvent[]> {
  const session = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(
      ...value.flatMap((one: unknown) => (isTraceEvent(one) && isWanted(one.name) ? [one] : [])),
    ),
  )
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories, excludedCategories: ['*'] },
  })
  await act()
  const isComplete = new Promise<void>((resolve) =>
    session.once('Tracing.tracingComplete', () => resolve()),
  )
  await session.send('Tracing.end')
  await isComplete
  await session.detach()
  return events.toSorted((a, b) => a.ts - b.ts)
}

/** The form of the events is Chromium's own; all of them have a name. */
function isTraceEvent(value: unknown): value is TraceEvent {
  return isRecord(value) && typeof value['name'] === 'string'
}
