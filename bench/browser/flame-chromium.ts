import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { makeProfile } from '../inputs/make-profile.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { findProgram, KUBEPROF } from '../run-process.ts'
import { startPprof } from '../profile/start-pprof.ts'
import { type StartedServer, startServer } from '../service/start-server.ts'
import { longestLoadTask } from './load-task.ts'
import { scrollLongTable } from './long-table.ts'
import { threadMsOf, upload, withPage } from './open-page.ts'
import { type PresentedFrame, presentedFramesOf } from './presented-frames.ts'
import { startSpeedscope } from './start-speedscope.ts'

const NODE_COUNT = 100_000
/** Makes a profile of about 20 MB of gzip. */
const LARGE_SAMPLE_COUNT = 560_000
/** How far below the root the frames are that are zoomed to. */
const ZOOM_STEPS = [3, 5, 8]
const SEARCHES = ['ListValue', 'Encode', 'WriteStream']

const LOAD_TASK = 'longest task while the page loads'
/** What `--part` chooses. */
const PARTS = ['page', 'others', 'table', 'large'] as const
type Part = (typeof PARTS)[number]

/**
 * The page of a profile with 100,000 nodes in headless Chromium, software rendering, 1400 x 900: what a reader waits
 * for, up to the second frame after it is there and up to when Chromium has shown the frame, and beside it the time that
 * the page's own thread was at work. The
 * whole page is from navigation on, with an empty cache, download and decoding included; beside it the flame graph page
 * of `pprof -http` and speedscope's, a table of 50,000 rows, and a profile of 20 MB. `--part` measures one of these,
 * `--pages` is how often, and `--beside PROGRAM` measures the page of another checkout's kubeprof in turn.
 */
export async function benchFlameChromium(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', multiple: true, default: [...PARTS] },
      pages: { type: 'string', default: '5' },
      beside: { type: 'string' },
    },
  })
  const executablePath = findProgram('chromium')
  if (executablePath === null) return 'Skipped: chromium is not installed.'
  const has = (part: Part) => values.part.includes(part)
  const pages = Number(values.pages)
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const file = join(folder, 'synthetic.pb.gz')
  const nodes = { seed: 1, sampleCount: Infinity, nodeCountMax: NODE_COUNT }
  writeFileSync(file, gzipSync(makeProfile(nodes)))
  const server = await startBuilt(KUBEPROF)
  const beside = values.beside === undefined ? null : await startBuilt(values.beside)
  const others = has('others') ? await startOthers(file) : []
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  })
  try {
    const own = [{ name: '', url: await upload(server, file) }]
    if (beside !== null) own.push({ name: ', beside', url: await upload(beside, file) })
    const tables: string[] = []
    if (has('page')) tables.push(await comparePages(browser, own, others, pages))
    if (has('table')) tables.push(await scrollLongTable(browser, server, { folder, pages }))
    if (has('large')) tables.push(await largePage(browser, server, folder, pages))
    return tables.join('\n\n')
  } finally {
    await browser.close()
    for (const { stop } of others) stop()
    await beside?.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Starts a checkout's kubeprof with a new build of its pages. */
function startBuilt(program: string): Promise<StartedServer> {
  const checkout = join(dirname(program), '..')
  const args = ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel=error']
  execFileSync(join(checkout, 'bin', 'node'), args, { cwd: checkout })
  return startServer({ program })
}

/** What one action took: until it was seen, and of that the work of the page's thread where that is known. */
interface Step {
  readonly name: string
  readonly tookMs: number
  readonly threadMs?: number
}

/** The page of one checkout; its name is added to those of its steps. */
interface OwnPage {
  readonly name: string
  readonly url: string
}

/** The page of another viewer, and a script that says whether its picture is there. */
interface OtherPage {
  readonly name: string
  readonly url: string
  readonly isThere: string
  readonly stop: () => void
}

async function startOthers(file: string): Promise<readonly OtherPage[]> {
  const speedscope = await startSpeedscope(file)
  const program = findProgram('pprof')
  const pprof = program === null ? null : await startPprof(program, file)
  return [speedscopePage(speedscope), ...(pprof === null ? [] : [pprofPage(pprof)])]
}

function pprofPage({ url, stop }: Pick<OtherPage, 'url' | 'stop'>): OtherPage {
  const isThere = `() => document.querySelector('#stack-chart .boxbg') !== null`
  return { name: 'whole page of pprof -http', url: `${url}/ui/flamegraph`, isThere, stop }
}

/** It adds the canvases of its overview and its flame chart once the profile is read. */
function speedscopePage({ url, stop }: Pick<OtherPage, 'url' | 'stop'>): OtherPage {
  const isThere = `() => document.querySelectorAll('canvas').length === 3`
  return { name: 'whole page of speedscope', url, isThere, stop }
}

async function comparePages(
  browser: Browser,
  own: readonly OwnPage[],
  others: readonly OtherPage[],
  pages: number,
): Promise<string> {
  const steps: Step[] = []
  const presented: PresentedFrame[] = []
  let frameCount = 0
  for (let round = 0; round <= pages; round++) {
    const roundSteps: Step[] = []
    const shown: PresentedFrame[] = []
    for (const page of own) {
      const measured = await measurePage(browser, page.url)
      frameCount = measured.frameCount
      const loadTaskMs = await longestLoadTask(browser, flameOf(page.url))
      const named = (one: Step) => ({ ...one, name: one.name + page.name })
      const loadTask = { name: `${LOAD_TASK}, without a debugger`, tookMs: loadTaskMs }
      roundSteps.push(...[...measured.steps, loadTask].map(named))
      const traced = await tracePage(browser, page.url)
      shown.push(...traced.map(({ name, ms }) => ({ name: name + page.name, ms })))
    }
    for (const other of others) roundSteps.push(await measureOther(browser, other))
    for (const other of others) shown.push(...(await traceOther(browser, other)))
    // The first round warms the servers and the file cache.
    if (round === 0) continue
    steps.push(...roundSteps)
    presented.push(...shown)
  }
  const names = [...new Set(steps.map(({ name }) => name))].toSorted()
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
  ])
}

function stepRow(
  name: string,
  steps: readonly Step[],
  presented: readonly PresentedFrame[],
): string[] {
  const own = steps.filter((step) => step.name === name)
  const shown = presented.filter((one) => one.name === name).map(({ ms }) => ms)
  const thread = own.flatMap(({ threadMs }) => (threadMs === undefined ? [] : [threadMs]))
  const medians = [shown, thread].map((ms) =>
    ms.length === 0 ? '' : formatMs(spreadOf(ms).median),
  )
  return [name, ...spreadCells(own.map(({ tookMs }) => tookMs)), ...medians]
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
  await page.goto(flameOf(pageUrl))
  await step(
    'whole page from navigation on',
    untilThere('whole page from navigation on', 'bench.untilFlame()'),
  )
  const frameCount = await page.evaluate<number>('bench.frames()')
  // Other views are loaded after two seconds.
  await page.waitForTimeout(3000)
  const longestTask = async (name: string) => {
    const tookMs = await page.evaluate<number>('Math.max(0, ...bench.longTasksMs.splice(0))')
    steps.push({ name, tookMs })
  }
  await longestTask(LOAD_TASK)
  await page.keyboard.press('2')
  await page.getByRole('grid').waitFor()
  await step('first paint of the flame graph', 'bench.firstPaint()')
  for (const steps of ZOOM_STEPS) await step('zoom', `bench.zoom(${steps})`)
  for (const text of SEARCHES) await step('search', `bench.search('${text}')`)
  await longestTask('longest task after the page stood')
  return { steps, frameCount }
}

function flameOf(pageUrl: string): string {
  return `${pageUrl}?view=flame`
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
async function largePage(
  browser: Browser,
  server: StartedServer,
  folder: string,
  pages: number,
): Promise<string> {
  const file = join(folder, 'large.pb.gz')
  const bytes = gzipSync(
    makeProfile({ seed: 2, sampleCount: LARGE_SAMPLE_COUNT, nodeCountMax: Infinity }),
  )
  writeFileSync(file, bytes)
  const pageUrl = await upload(server, file)
  const tookMs: number[] = []
  for (let round = 0; round < pages; round++) {
    const ms = await withPage(browser, async (page) => {
      await page.goto(flameOf(pageUrl))
      return page.evaluate<number>('bench.untilFlame().then(() => performance.now())')
    })
    tookMs.push(ms)
  }
  return formatTable([
    [`a profile of ${(bytes.length / 1e6).toFixed(1)} MB gzip`, 'min ms', 'median ms', 'max ms'],
    ['whole page from navigation on', ...spreadCells(tookMs)],
  ])
}
