import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { makeProfile } from '../inputs/make-profile.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { findProgram, REPOSITORY } from '../run-process.ts'
import { startPprof } from '../profile/start-pprof.ts'
import { type StartedServer, startServer } from '../service/start-server.ts'
import { scrollLongTable } from './long-table.ts'
import { threadMsOf, upload, withPage } from './open-page.ts'
import { type PresentedFrame, presentedFramesOf } from './presented-frames.ts'
import { startSpeedscope } from './start-speedscope.ts'

const PAGES = 5
const NODE_COUNT = 100_000
/** Makes a profile of about 20 MB of gzip. */
const LARGE_SAMPLE_COUNT = 560_000
/** How far below the root the frames are that are zoomed to. */
const ZOOM_STEPS = [3, 5, 8]
const SEARCHES = ['ListValue', 'Encode', 'WriteStream']

/**
 * The page of a profile with 100,000 nodes in headless Chromium, software rendering, 1400 x 900: what a reader waits
 * for, up to the second frame after it is there and up to when Chromium has shown the frame, and beside it the time that
 * the page's own thread was at work. The
 * whole page is from navigation on, with an empty cache, download and decoding included; beside it the flame graph page
 * of `pprof -http` and speedscope's, a table of 50,000 rows, and a profile of 20 MB.
 */
export async function benchFlameChromium(): Promise<string> {
  const executablePath = findProgram('chromium')
  if (executablePath === null) return 'Skipped: chromium is not installed.'
  buildWeb()
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const file = join(folder, 'synthetic.pb.gz')
  const nodes = { seed: 1, sampleCount: Infinity, nodeCountMax: NODE_COUNT }
  writeFileSync(file, gzipSync(makeProfile(nodes)))
  const program = findProgram('pprof')
  const server = await startServer()
  const pprof = program === null ? null : await startPprof(program, file)
  const speedscope = await startSpeedscope(file)
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  })
  try {
    const pageUrl = await upload(server, file)
    const others = [
      speedscopePage(speedscope.url),
      ...(pprof === null ? [] : [pprofPage(pprof.url)]),
    ]
    const measured = await comparePages(browser, pageUrl, others)
    const table = await scrollLongTable(browser, server, { folder, pages: PAGES })
    return [measured, table, await largePage(browser, server, folder)].join('\n\n')
  } finally {
    await browser.close()
    pprof?.stop()
    speedscope.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

function buildWeb(): void {
  const args = ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel=error']
  execFileSync(join(REPOSITORY, 'bin', 'node'), args, { cwd: REPOSITORY })
}

/** What one action took: until it was seen, and of that the work of the page's thread. */
interface Step {
  readonly name: string
  readonly tookMs: number
  readonly threadMs: number
}

/** The page of another viewer, and a script that says whether its picture is there. */
interface OtherPage {
  readonly name: string
  readonly url: string
  readonly isThere: string
}

function pprofPage(url: string): OtherPage {
  const isThere = `() => document.querySelector('#stack-chart .boxbg') !== null`
  return { name: 'whole page of pprof -http', url: `${url}/ui/flamegraph`, isThere }
}

/** It adds the canvases of its overview and its flame chart once the profile is read. */
function speedscopePage(url: string): OtherPage {
  const isThere = `() => document.querySelectorAll('canvas').length === 3`
  return { name: 'whole page of speedscope', url, isThere }
}

async function comparePages(
  browser: Browser,
  pageUrl: string,
  others: readonly OtherPage[],
): Promise<string> {
  const steps: Step[] = []
  const presented: PresentedFrame[] = []
  const longTasksMs: { readonly load: number[]; readonly after: number[] } = { load: [], after: [] }
  let frameCount = 0
  for (let round = 0; round <= PAGES; round++) {
    const measured = await measurePage(browser, pageUrl)
    const otherSteps: Step[] = []
    for (const other of others) otherSteps.push(await measureOther(browser, other))
    const shown = [...(await tracePage(browser, pageUrl))]
    for (const other of others) shown.push(...(await traceOther(browser, other)))
    frameCount = measured.frameCount
    // The first round warms the servers and the file cache.
    if (round === 0) continue
    steps.push(...measured.steps, ...otherSteps)
    presented.push(...shown)
    longTasksMs.load.push(measured.loadTaskMs)
    longTasksMs.after.push(measured.longTaskMs)
  }
  const names = [...new Set(steps.map(({ name }) => name))]
  return formatTable([
    [
      `${NODE_COUNT} nodes, ${frameCount} frames drawn`,
      'min ms',
      'median ms',
      'max ms',
      'shown, median',
      'thread ms, median',
    ],
    ...names.map((name) => stepRow(name, steps, presented)),
    ['longest task while the page loads', ...spreadCells(longTasksMs.load), '', ''],
    ['longest task after the page stood', ...spreadCells(longTasksMs.after), '', ''],
  ])
}

function stepRow(
  name: string,
  steps: readonly Step[],
  presented: readonly PresentedFrame[],
): string[] {
  const own = steps.filter((step) => step.name === name)
  const shown = spreadOf(presented.filter((one) => one.name === name).map(({ ms }) => ms)).median
  const thread = spreadOf(own.map(({ threadMs }) => threadMs)).median
  return [name, ...spreadCells(own.map(({ tookMs }) => tookMs)), formatMs(shown), formatMs(thread)]
}

function spreadCells(valuesMs: readonly number[]): string[] {
  const { min, median, max } = spreadOf(valuesMs)
  return [formatMs(min), formatMs(median), formatMs(max)]
}

function measurePage(browser: Browser, pageUrl: string) {
  return withPage(browser, (page, cdp) => usePage(page, cdp, pageUrl))
}

function tracePage(browser: Browser, pageUrl: string): Promise<readonly PresentedFrame[]> {
  return withPage(browser, (page, cdp) =>
    presentedFramesOf(browser, () => usePage(page, cdp, pageUrl)),
  )
}

function measureOther(browser: Browser, other: OtherPage): Promise<Step> {
  return withPage(browser, (page, cdp) => useOther(page, cdp, other))
}

function traceOther(browser: Browser, other: OtherPage): Promise<readonly PresentedFrame[]> {
  return withPage(browser, (page, cdp) =>
    presentedFramesOf(browser, () => useOther(page, cdp, other)),
  )
}

async function usePage(page: Page, cdp: CDPSession, pageUrl: string) {
  const steps: Step[] = []
  const step = async (name: string, script: string) => {
    const before = await threadMsOf(cdp)
    const tookMs = await page.evaluate<number>(script)
    steps.push({ name, tookMs, threadMs: (await threadMsOf(cdp)) - before })
  }
  await page.goto(`${pageUrl}?view=flame`)
  await step(
    'whole page from navigation on',
    untilThere('whole page from navigation on', 'bench.untilFlame()'),
  )
  const frameCount = await page.evaluate<number>('bench.frames()')
  // Other views are loaded after two seconds.
  await page.waitForTimeout(3000)
  const loadTaskMs = await page.evaluate<number>('Math.max(0, ...bench.longTasksMs.splice(0))')
  await page.keyboard.press('2')
  await page.getByRole('grid').waitFor()
  await step('first paint of the flame graph', 'bench.firstPaint()')
  for (const steps of ZOOM_STEPS) await step('zoom', `bench.zoom(${steps})`)
  for (const text of SEARCHES) await step('search', `bench.search('${text}')`)
  const longTaskMs = await page.evaluate<number>('Math.max(0, ...bench.longTasksMs)')
  return { steps, frameCount, loadTaskMs, longTaskMs }
}

async function useOther(
  page: Page,
  cdp: CDPSession,
  { name, url, isThere }: OtherPage,
): Promise<Step> {
  await page.goto(url)
  const tookMs = await page.evaluate<number>(untilThere(name, `bench.until(${isThere})`))
  return { name, tookMs, threadMs: await threadMsOf(cdp) }
}

/** A script that waits for what a page shows from its navigation on. */
function untilThere(name: string, wait: string): string {
  return `(bench.ask('${name}', 0), ${wait}.then(() => performance.now()))`
}

/** A profile of 20 MB: until its flame graph stands, without the analysis on the server. */
async function largePage(browser: Browser, server: StartedServer, folder: string): Promise<string> {
  const file = join(folder, 'large.pb.gz')
  const bytes = gzipSync(
    makeProfile({ seed: 2, sampleCount: LARGE_SAMPLE_COUNT, nodeCountMax: Infinity }),
  )
  writeFileSync(file, bytes)
  const pageUrl = await upload(server, file)
  const tookMs: number[] = []
  for (let round = 0; round < PAGES; round++) {
    const ms = await withPage(browser, async (page) => {
      await page.goto(`${pageUrl}?view=flame`)
      return page.evaluate<number>('bench.untilFlame().then(() => performance.now())')
    })
    tookMs.push(ms)
  }
  return formatTable([
    [`a profile of ${(bytes.length / 1e6).toFixed(1)} MB gzip`, 'min ms', 'median ms', 'max ms'],
    ['whole page from navigation on', ...spreadCells(tookMs)],
  ])
}
