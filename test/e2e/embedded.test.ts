import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Frame, Page } from 'playwright-core'
import type { CreateLinkReply } from '../../api/index.ts'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

/** Its upper part is in sight: frames that are not are not drawn. */
const DEEP_PX = 600

describe.skipIf(lacks('chromium'))('a link in a frame of another page', () => {
  let web: OpenedWeb
  let wiki: Site
  let other: Site
  let token: string
  let profileId: string
  beforeAll(async () => {
    wiki = await openSite()
    other = await openSite()
    web = await openWeb({ settings: { 'server.embedOrigins': JSON.stringify([wiki.origin]) } })
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const exposure = { scope: 'profile', labels: 'shown', source: true }
    const reply = await fetch(`${web.url}/api/v1/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ profileId: id, view: 'view=flame', expiresInSeconds: 3600, exposure }),
    })
    const { token: made }: CreateLinkReply = JSON.parse(await reply.text())
    token = made
    profileId = id
  })
  afterAll(async () => {
    await web.close()
    wiki.close()
    other.close()
  })

  test.each([
    { viewport: { width: 1400, height: 900 }, colorScheme: 'light' },
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  ] as const)('shows its picture on a page of the operator’s origin: %o', async (options) => {
    const { page, complaints } = await web.openPage(options)
    const frame = await frameOn(page, wiki.pageWith(`${web.url}/e/${token}`))
    await frame.locator('[data-flame][data-frames]').waitFor()
    await frame.getByRole('treeitem').first().waitFor({ state: 'attached' })
    // Its toolbar is at the top of the frame, below the way to a page of its own.
    const topOf = () =>
      frame.evaluate<number>('document.querySelector("[data-views]").getBoundingClientRect().top')
    await expect.poll(topOf).toBeLessThan(50)
    await expect.poll(() => frame.evaluate<number>(WIDER_PX)).toBe(0)
    expect(complaints).toEqual([])
  })

  test('is what the dialog that makes links has to copy', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/profiles/${profileId}?view=top`)
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('button', { name: 'Create link' }).click()
    const html = await page.getByRole('textbox', { name: 'HTML of the frame' }).inputValue()
    const address = await page.getByRole('textbox', { name: 'Address of the frame' }).inputValue()
    expect(html).toContain(`<iframe src="${address}"`)
    await page.getByText(`Pages of ${wiki.origin} may show it.`).waitFor()
    const frame = await frameOn(page, wiki.pageWith(address))
    await frame.getByRole('grid').waitFor()
  })

  test('takes neither the keyboard nor the place of the page around it', async () => {
    const { page } = await web.openPage()
    const frame = await frameOn(page, wiki.pageWith(`${web.url}/e/${token}`, DEEP_PX))
    await frame.getByRole('treeitem').first().waitFor({ state: 'attached' })
    await expect.poll(() => page.evaluate<number>('scrollY')).toBe(0)
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('BODY')
    await expect.poll(() => frame.evaluate('document.activeElement.tagName')).toBe('BODY')
  })

  test('leads to its page, in a tab of its own', async () => {
    const { page } = await web.openPage()
    const frame = await frameOn(page, wiki.pageWith(`${web.url}/e/${token}`))
    const opened = page.context().waitForEvent('page')
    await frame.getByRole('link', { name: 'Open in a tab of its own' }).click()
    const tab = await opened
    await tab.getByText('Shared view, read-only').waitFor()
    expect(new URL(tab.url()).pathname).toBe(`/s/${token}`)
  })

  test.each([
    ['an origin that the operator does not name', () => other.pageWith(`${web.url}/e/${token}`)],
    ['the page of the link itself', () => wiki.pageWith(`${web.url}/s/${token}`)],
    ['the app', () => wiki.pageWith(web.url)],
  ])('is refused by the browser: %s', async (_, address) => {
    const { page, complaints } = await web.openPage()
    const frame = await frameOn(page, address())
    await expect.poll(() => complaints.join()).toContain('frame-ancestors')
    await expect.poll(() => frame.url()).toBe('chrome-error://chromewebdata/')
  })
})

interface Site {
  readonly origin: string
  /** The address of a page that has another in a frame, so far below its top. */
  readonly pageWith: (address: string, belowPx?: number) => string
  readonly close: () => void
}

/** Another web site: its port makes it another origin. */
async function openSite(): Promise<Site> {
  const server = createServer(({ url }, response) => {
    const { searchParams } = new URL(url ?? '', 'http://site')
    response.setHeader('content-type', 'text/html').end(`<!doctype html><html lang="en">
      <title>Post-mortem</title><meta name="viewport" content="width=device-width">
      <main style="padding-top: ${searchParams.get('below')}px"><h1>Post-mortem</h1>
      <iframe title="Profile" style="width: 100%; height: 640px" src="${searchParams.get('of')}"></iframe></main>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    origin,
    pageWith: (of, below = 0) =>
      `${origin}/?${new URLSearchParams({ of, below: String(below) }).toString()}`,
    close: () => server.close(),
  }
}

async function frameOn(page: Page, address: string): Promise<Frame> {
  await page.goto(address)
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  if (frame === null) throw new Error('the page has no frame')
  return frame
}

const WIDER_PX = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
