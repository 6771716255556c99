import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { UploadReply } from '../../api/index.ts'
import { startService, type StartServiceOptions } from '../service/start-service.ts'
import { PATIENCE_MS } from '../patience.ts'
import { until } from '../until.ts'
import { prepareWebBuild } from '../web-build.ts'
import { sharedBrowser } from './shared-browser.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface OpenedWeb {
  readonly url: string
  /** A page in its own context, and the errors of its console and scripts. */
  readonly openPage: (
    options?: BrowserContextOptions,
  ) => Promise<{ readonly page: Page; readonly complaints: readonly string[] }>
  readonly close: () => Promise<void>
}

/** The web app as it is built from the sources now, served by a whole service, in a real browser. */
export async function openWeb(options: StartServiceOptions = {}): Promise<OpenedWeb> {
  const webDirectory = await prepareWebBuild()
  const service = await startService({ ...options, webDirectory })
  const address = service.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const browser = await sharedBrowser()
  const contexts: BrowserContext[] = []
  return {
    url: `http://127.0.0.1:${address.port}`,
    async openPage(contextOptions) {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        ...contextOptions,
      })
      contexts.push(context)
      context.setDefaultTimeout(PATIENCE_MS)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      return { page, complaints }
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      await service.stop()
    },
  }
}

/** Drops files on the page as a file manager would. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const files = await Promise.all(
    paths.map(async (path) => ({
      name: basename(path),
      base64: (await readFile(path)).toString('base64'),
    })),
  )
  await page.evaluate(`{
    const transfer = new DataTransfer()
    for (const { name, base64 } of ${JSON.stringify(files)}) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([bytes], name))
    }
    const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
    document.body.dispatchEvent(event)
  }`)
}

/** Drops a folder as the browser's own window does, which a script cannot make. */
export async function dropFolder(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data })
  }
  await session.detach()
}

/** How far the page reaches beyond the right edge of the screen. Charts follow a new width a few frames later. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}

/** How far below the top of the screen an element begins. */
export async function topPx(element: Locator): Promise<number> {
  return (await element.boundingBox())?.y ?? Infinity
}

/** Uploads a file of `examples/`. */
export async function uploadExample(url: string, name: string): Promise<string> {
  return uploadProfile(url, await readFile(examplePath(name)))
}

/** Uploads a profile as one of an API server, waits for its report, and returns its id. */
export async function uploadProfile(url: string, body: Buffer<ArrayBuffer>): Promise<string> {
  const response = await fetch(`${url}/api/v1/profiles?wait=90s&component=kube-apiserver`, {
    method: 'POST',
    body,
  })
  const { profile }: UploadReply = JSON.parse(await response.text())
  await until(async () => (await fetch(`${url}/api/v1/profiles/${profile.id}/report`)).ok)
  return profile.id
}

/** For what must never be there: how many are, in a state that was waited for and would show them. */
export function countNow(elements: Locator): Promise<number> {
  return elements.count()
}

/** How many frames the flame graph draws. */
export async function drawnFrames(page: Page): Promise<number> {
  return Number(await page.locator('[data-flame]').getAttribute('data-frames'))
}

/** Waits until the current frame of the flame graph is that of a function. */
export async function waitForLabel(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name }).first().waitFor({ state: 'attached' })
}

/** A file of `examples/`. */
export function examplePath(name: string): string {
  return join(root, 'examples', name)
}
