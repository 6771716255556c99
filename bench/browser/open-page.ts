import { readFileSync } from 'node:fs'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { StartedServer } from '../service/start-server.ts'
import { IN_PAGE } from './flame-in-page.ts'

/** A new window loads pages of the browser's own, such as that of its address bar. */
const BROWSER_SETTLES_MS = 1500

/** Uses a new page of 1400 x 900 with an empty cache and `bench` in it, and closes it. */
export async function withPage<Result>(
  browser: Browser,
  use: (page: Page, cdp: CDPSession) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  try {
    const page = await context.newPage()
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.addInitScript(IN_PAGE)
    await page.waitForTimeout(BROWSER_SETTLES_MS)
    return await use(page, cdp)
  } finally {
    await context.close()
  }
}

/** Processor time of the page's own thread so far. */
export async function threadMsOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
}

/** Returns the address of the profile's page, once it is analysed. */
export async function upload({ url }: StartedServer, file: string): Promise<string> {
  const reply = await fetch(`${url}/api/v1/profiles?wait=60s`, {
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
