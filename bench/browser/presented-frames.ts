import type { Browser } from 'playwright-core'
import { type TraceEvent, traceBrowser } from './trace-browser.ts'

/** What the page asked for, and when Chromium showed the first frame with it, in ms after that. */
export interface PresentedFrame {
  readonly name: string
  readonly ms: number
}

const CATEGORIES = ['blink.user_timing', 'cc', 'benchmark']
const ASKED = 'bench asked '
const PAINTED = 'bench painted'
const FRAME = 'PipelineReporter'
const MAIN_PART = 'SendBeginMainFrameToCommit'
const NAMES: ReadonlySet<string> = new Set([FRAME, MAIN_PART, PAINTED])

/**
 * Traces while something is done, and returns the frames that the marks of `flame-in-page.ts` name. A frame is shown when
 * Chromium's own compositor says so, which no script of a page can learn. What is traced is slower.
 */
export async function presentedFramesOf(
  browser: Browser,
  act: () => Promise<unknown>,
): Promise<readonly PresentedFrame[]> {
  return presentedIn(await traceBrowser(browser, CATEGORIES, isWanted, act))
}

function isWanted(name: string): boolean {
  return NAMES.has(name) || name.startsWith(ASKED)
}

function presentedIn(events: readonly TraceEvent[]): readonly PresentedFrame[] {
  return events
    .filter(({ name }) => name.startsWith(ASKED))
    .flatMap((asked) => {
      const own = events.filter(({ pid, ts }) => pid === asked.pid && ts >= asked.ts)
      const painted = own.find(({ name }) => name === PAINTED)
      if (painted === undefined) return []
      // Of what the thread of the page did for a frame, the part that is under way at the mark.
      const begun = events.findLast(
        (one) =>
          one.name === MAIN_PART &&
          one.ph === 'b' &&
          one.pid === painted.pid &&
          one.ts <= painted.ts,
      )
      const shown = own.find(
        (one) =>
          one.name === FRAME &&
          one.ph === 'e' &&
          one.ts > painted.ts &&
          one.id2?.local === begun?.id2?.local,
      )
      if (begun === undefined || shown === undefined) return []
      return [{ name: asked.name.slice(ASKED.length), ms: (shown.ts - asked.ts) / 1000 }]
    })
}
