import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { runPprofHere } from '../golden/run-pprof.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { sharedBrowser } from './shared-browser.ts'

const profile = fileURLToPath(
  new URL('../fixtures/captures/client-throttled/cpu.pb.gz', import.meta.url),
)

test.skipIf(lacks('chromium'))(
  'the picture of -svg is dragged and zoomed in a browser',
  async () => {
    const { output } = await runPprofHere(['-svg', profile])
    const path = join(await temporaryDirectory(), 'graph.svg')
    await writeFile(path, output)
    const page = await openPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(pathToFileURL(path).href)
    const whole = await viewOf(page)
    await page.mouse.move(300, 300)
    await page.mouse.wheel(0, -300)
    await expect.poll(async () => (await viewOf(page)).width).toBeLessThan(whole.width / 1.5)
    const zoomed = await viewOf(page)
    await page.mouse.down()
    await page.mouse.move(400, 380)
    await page.mouse.up()
    const isDragged = ({ x, y, width }: typeof zoomed) =>
      x < zoomed.x && y < zoomed.y && width === zoomed.width
    await expect.poll(() => viewOf(page)).toSatisfy(isDragged)
    await page.mouse.dblclick(400, 380)
    await expect.poll(() => viewOf(page)).toEqual(whole)
    expect(complaints).toEqual([])
  },
)

async function openPage(): Promise<Page> {
  const browser = await sharedBrowser()
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
  onTestFinished(() => page.close())
  return page
}

/** What of the picture is seen. */
async function viewOf(page: Page) {
  const text = await page.evaluate<string>(
    `JSON.stringify((({ x, y, width }) => ({ x, y, width }))(document.documentElement.viewBox.baseVal))`,
  )
  const view: unknown = JSON.parse(text)
  if (!isView(view)) throw new Error(`no view: ${text}`)
  return view
}

function isView(value: unknown): value is { x: number; y: number; width: number } {
  return typeof value === 'object' && value !== null && 'width' in value
}
