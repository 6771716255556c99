import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CreateLinkBody, CreateLinkReply } from '../../api/index.ts'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, uploadExample, uploadProfile } from './open-web.ts'

/** What a reader sees first of a page. */
describe.skipIf(lacks('chromium'))('at first sight', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('a quiet profile says once that nothing stands out, and in what', async () => {
    const cpu = { type: 'cpu', unit: 'nanoseconds' }
    const quiet = profileFromFolded('main.main;main.work 60000000000', cpu, {
      durationNs: 60_000_000_000n,
    })
    const id = await uploadProfile(web.url, Buffer.from(encodeProfile(quiet)))
    const { page } = await web.openPage()
    await page.goto(`${web.url}/profiles/${id}`)
    await page.getByRole('heading', { name: 'Nothing stands out in cpu', exact: true }).waitFor()
    await page.getByText('for any Go program looked at it').waitFor()
    await expect.poll(() => page.getByText('Nothing stands out').count()).toBe(1)
  })

  test('a link to the whole profile opens at its top', async () => {
    const page = await openLink('')
    await page.getByRole('treeitem').first().waitFor({ state: 'attached' })
    await expect.poll(() => page.evaluate('scrollY')).toBe(0)
  })

  test('a link to a view opens at the picture', async () => {
    const page = await openLink('view=flame')
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(50)
  })

  test('a list of findings that filters leave empty can be widened again, on a phone too', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${web.url}/findings?cluster=none`)
    await page.getByRole('main').getByRole('link', { name: 'Clear filters' }).click()
    await page.waitForURL(`${web.url}/findings`)
    await expect.poll(() => page.getByRole('link', { name: 'Clear filters' }).count()).toBe(0)
  })

  /** The page of a link to a profile, with its findings and its picture. */
  async function openLink(view: string): Promise<Page> {
    const profileId = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const token = await createLink({ profileId, view })
    const { page } = await web.openPage()
    await page.goto(`${web.url}/s/${token}`)
    await page.locator('[data-flame]').waitFor()
    await page.locator('[data-rule]').first().waitFor()
    return page
  }

  async function createLink(body: CreateLinkBody): Promise<string> {
    const reply = await fetch(`${web.url}/api/v1/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { token }: CreateLinkReply = JSON.parse(await reply.text())
    return token
  }
})
