import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import type { StartedServer } from '../service/start-server.ts'
import { threadMsOf, upload, withPage } from './open-page.ts'

const ROW_COUNT = 50_000
const FRAMES = 120
/** A wheel that is turned fast, and a scroll bar that is dragged: a screen a frame. */
const SPEEDS = [
  { name: '100 px a frame', px: 100 },
  { name: 'a screen a frame', px: 0 },
]

interface Scrolled {
  readonly name: string
  readonly longestGapMs: number
  readonly droppedCount: number
  readonly threadMs: number
}

/** The table of all functions of a profile with 50,000, scrolled for 120 frames at each speed. */
export async function scrollLongTable(
  browser: Browser,
  server: StartedServer,
  { folder, pages }: { readonly folder: string; readonly pages: number },
): Promise<string> {
  const file = join(folder, 'functions.folded')
  writeFileSync(file, foldedFuncs())
  const pageUrl = await upload(server, file)
  const scrolled: Scrolled[] = []
  for (let round = 0; round < pages; round++) {
    scrolled.push(...(await withPage(browser, (page, cdp) => scrollPage(pageUrl, page, cdp))))
  }
  return formatTable([
    [
      `${ROW_COUNT} rows, ${FRAMES} frames`,
      'longest gap ms',
      'dropped frames',
      'thread ms a frame',
    ],
    ...SPEEDS.map(({ name }) => {
      const own = scrolled.filter((one) => one.name === name)
      const median = (of: (one: Scrolled) => number) => spreadOf(own.map(of)).median
      return [
        name,
        formatMs(median(({ longestGapMs }) => longestGapMs)),
        String(median(({ droppedCount }) => droppedCount)),
        formatMs(median(({ threadMs }) => threadMs / FRAMES)),
      ]
    }),
  ])
}

async function scrollPage(
  pageUrl: string,
  page: Parameters<Parameters<typeof withPage>[1]>[0],
  cdp: Parameters<Parameters<typeof withPage>[1]>[1],
): Promise<readonly Scrolled[]> {
  await page.goto(`${pageUrl}?view=top`)
  await page.getByRole('grid').waitFor()
  // Other views are loaded after two seconds.
  await page.waitForTimeout(3000)
  const scrolled: Scrolled[] = []
  for (const { name, px } of SPEEDS) {
    const before = await threadMsOf(cdp)
    const gaps = await page.evaluate<Omit<Scrolled, 'name' | 'threadMs'>>(
      `bench.scroll(${FRAMES}, ${px})`,
    )
    scrolled.push({ name, ...gaps, threadMs: (await threadMsOf(cdp)) - before })
  }
  return scrolled
}

function foldedFuncs(): string {
  const lines = Array.from({ length: ROW_COUNT }, (_, row) => {
    const name = `k8s.io/kubernetes/pkg/registry/core/pod.(*Type${row % 97}).Serve${row}`
    return `main.main;${name} ${1 + Math.floor(ROW_COUNT / (row + 1))}`
  })
  return lines.join('\n')
}
