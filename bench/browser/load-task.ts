import { setTimeout } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { isRecord } from '../../api/json-value.ts'
import { type TraceEvent, traceBrowser } from './trace-browser.ts'

/** A new window loads pages of the browser's own, which are more work than the page that is measured. */
const WINDOW_SETTLES_MS = 1500
const NAVIGATES_AFTER_SECONDS = 3
/** The picture stands long before, and the other views, which follow two seconds later, are loaded too. */
const LOADED_AFTER_MS = 6500
const CATEGORIES = ['toplevel', 'blink.user_timing']
const TASK = 'ThreadControllerImpl::RunTask'
const NAVIGATION = 'navigationStart'
const NAMES: ReadonlySet<string> = new Set([TASK, NAVIGATION])

/**
 * The longest task of the page's thread in ms while the page loads in a window that stands and that no debugger is attached to, as
 * for a reader who follows a link: with one Chromium parses scripts again for its stack traces.
 */
export async function longestLoadTask(browser: Browser, url: string): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  const size = { width: 1400, height: 900, newWindow: true }
  // Chromium navigates by itself: what navigates a page from here is a debugger.
  const link = `data:text/html,<meta http-equiv="refresh" content="${NAVIGATES_AFTER_SECONDS};url=${url}">`
  try {
    await session.send('Target.createTarget', { url: link, browserContextId, ...size })
    await setTimeout(WINDOW_SETTLES_MS)
    const events = await traceBrowser(
      browser,
      CATEGORIES,
      (name) => NAMES.has(name),
      () => setTimeout(LOADED_AFTER_MS),
    )
    return longestTaskOf(events, url)
  } finally {
    await session.send('Target.disposeBrowserContext', { browserContextId })
    await session.detach()
  }
}

function longestTaskOf(events: readonly TraceEvent[], url: string): number {
  const begin = events.findLast(({ name, args }) => name === NAVIGATION && urlOf(args) === url)
  if (begin === undefined) throw new Error(`The trace has no navigation to ${url}`)
  const tasks = events.filter(
    ({ name, pid, tid, ts }) =>
      name === TASK && pid === begin.pid && tid === begin.tid && ts >= begin.ts,
  )
  return tasks.reduce((longest, { dur = 0 }) => Math.max(longest, dur), 0) / 1000
}

function urlOf(args: unknown): unknown {
  const data = isRecord(args) ? args['data'] : null
  return isRecord(data) ? data['documentLoaderURL'] : null
}
