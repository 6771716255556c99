import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { makeProfile } from './make-profile.ts'
import { spreadOf } from './measure.ts'
import { formatMs, formatTable } from './report-table.ts'
import { findProgram, REPOSITORY } from './run-process.ts'
import { startPprof } from './start-pprof.ts'
import { startServer } from './start-server.ts'

const PAGES = 5
const ZOOMS_PER_PAGE = 4
const NODE_COUNT = 100_000

/**
 * The flame graph of a profile with 100,000 nodes in headless Chromium, software rendering, 1400 x 900. First paint is
 * from asking for the view (key `1` while the top table is shown) to the second frame after the graph stands; zoom is
 * from a click on a frame to the second frame after the new graph stands. The whole page is from navigation on, with
 * an empty cache, download and decoding included; beside it the flame graph page of `pprof -http`.
 */
export async function benchFlameChromium(): Promise<string> {
  const executablePath = findProgram('chromium')
  if (executablePath === null) return 'Skipped: chromium is not installed.'
  execFileSync(
    join(REPOSITORY, 'bin', 'node'),
    ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel=error'],
    { cwd: REPOSITORY },
  )
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const file = join(folder, 'synthetic.pb.gz')
  writeFileSync(
    file,
    gzipSync(makeProfile({ seed: 1, sampleCount: Infinity, nodeCountMax: NODE_COUNT })),
  )
  const program = findProgram('pprof')
  const server = await startServer()
  const pprof = program === null ? null : await startPprof(program, file)
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  })
  try {
    return await comparePages(browser, await upload(server.url, file), pprof?.url ?? null)
  } finally {
    await browser.close()
    pprof?.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

async function comparePages(
  browser: Browser,
  pageUrl: string,
  pprofUrl: string | null,
): Promise<string> {
  const wholePageMs: number[] = []
  const firstPaintMs: number[] = []
  const zoomMs: number[] = []
  const pprofMs: number[] = []
  let frames = 0
  for (let round = 0; round <= PAGES; round++) {
    const measured = await measurePage(browser, pageUrl)
    const pprofPageMs = pprofUrl === null ? null : await measurePprofPage(browser, pprofUrl)
    frames = measured.frameCount
    // The first round warms the servers and the file cache.
    if (round === 0) continue
    wholePageMs.push(measured.wholePageMs)
    firstPaintMs.push(measured.firstPaintMs)
    zoomMs.push(...measured.zoomMs)
    if (pprofPageMs !== null) pprofMs.push(pprofPageMs)
  }
  return formatTable([
    [`${NODE_COUNT} nodes, ${frames} frames drawn`, 'min ms', 'median ms', 'max ms'],
    spreadRow('first paint of the flame graph', firstPaintMs),
    spreadRow('zoom', zoomMs),
    spreadRow('whole page from navigation on', wholePageMs),
    ...(pprofUrl === null ? [] : [spreadRow('whole page of pprof -http', pprofMs)]),
  ])
}

function spreadRow(name: string, valuesMs: readonly number[]): string[] {
  const { min, median, max } = spreadOf(valuesMs)
  return [name, formatMs(min), formatMs(median), formatMs(max)]
}

/** Returns the address of the profile's page, once it is analysed. */
async function upload(url: string, file: string): Promise<string> {
  const reply = await fetch(`${url}/api/v1/profiles?wait=30s`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: readFileSync(file),
  })
  const text = await reply.text()
  const id = /"id":"(\w+)"/.exec(text)?.[1]
  if (!reply.ok || id === undefined)
    throw new Error(`The upload was answered with ${reply.status}: ${text}`)
  return `${url}/profiles/${id}`
}

async function measurePage(browser: Browser, pageUrl: string) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(IN_PAGE)
    await page.goto(`${pageUrl}?view=flame`)
    const wholePageMs = await page.evaluate<number>(
      'bench.untilFlame().then(() => performance.now())',
    )
    await page.keyboard.press('2')
    await page.locator('[data-flame]').waitFor({ state: 'detached' })
    const firstPaintMs = await page.evaluate<number>('bench.firstPaint()')
    const frameCount = await page.locator('g.frame').count()
    const zoomMs: number[] = []
    for (let zoom = 0; zoom < ZOOMS_PER_PAGE; zoom++) zoomMs.push(await zoomIn(page))
    return { wholePageMs, firstPaintMs, zoomMs, frameCount }
  } finally {
    await context.close()
  }
}

async function measurePprofPage(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(IN_PAGE)
    await page.goto(`${url}/ui/flamegraph`)
    return await page.evaluate<number>(
      `bench.untilThere('#stack-chart .boxbg').then(() => performance.now())`,
    )
  } finally {
    await context.close()
  }
}

/** Zooms to a middling frame, and back to the whole afterwards. */
async function zoomIn(page: Page): Promise<number> {
  const tookMs = await page.evaluate<number>('bench.zoom()')
  await page.keyboard.press('Escape')
  await page.evaluate('bench.untilStill()')
  return tookMs
}

/** Runs in the page. */
const IN_PAGE = `globalThis.bench = {
  frames: () => document.querySelectorAll('[data-flame] g.frame'),
  nextPaint: () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  async untilThere(selector) {
    while (document.querySelector(selector) === null) await new Promise(requestAnimationFrame)
    await bench.nextPaint()
  },
  untilFlame: () => bench.untilThere('[data-flame] g.frame'),
  async untilStill() {
    for (let before = ''; ; ) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      const now = document.querySelector('[data-flame]').innerHTML
      if (now === before) return
      before = now
    }
  },
  async firstPaint() {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const startMs = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }))
    await bench.untilFlame()
    return performance.now() - startMs
  },
  async zoom() {
    const chart = document.querySelector('[data-flame]').getBoundingClientRect()
    const isMiddling = (frame) => {
      const { width } = frame.getBoundingClientRect()
      return width > chart.width / 20 && width < chart.width / 2
    }
    const frame = [...bench.frames()].find((one) => isMiddling(one) && !one.hasAttribute('data-other'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const startMs = performance.now()
    const drawn = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        resolve()
      })
      observer.observe(document.querySelector('[data-flame] svg'), { childList: true, subtree: true })
    })
    frame.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
    await drawn
    await bench.nextPaint()
    return performance.now() - startMs
  },
}`
