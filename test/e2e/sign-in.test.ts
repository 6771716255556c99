import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb, overflowPx } from './open-web.ts'

const TOKEN = 'kp_of-an-operator'
const VIEWER = 'kp_of-a-viewer'

describe.skipIf(lacks('chromium'))('where a token is needed', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    const tokens = [
      { name: 'on call', role: 'operator', sha256: sha256Of(TOKEN) },
      { name: 'guest', role: 'viewer', sha256: sha256Of(VIEWER) },
    ]
    web = await openWeb({ settings: { 'server.tokens': JSON.stringify(tokens) } })
  })
  afterAll(() => web.close())

  test('a stranger is asked for it, and comes in with the right one until leaving', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(web.url)
    const field = page.getByLabel('Token')
    await field.waitFor()
    expect(await countNow(page.getByRole('link', { name: 'Findings' }))).toBe(0)
    await field.fill('a guess')
    await expect.poll(() => overflowPx(page)).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByText('does not accept this token').waitFor()
    await field.fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /A healthy API server/ }).click()
    await page.locator('[data-flame]').waitFor()
    await page.reload()
    await page.locator('[data-flame]').waitFor()
    await page.getByRole('button', { name: 'Share' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()

    // A viewer is offered what viewers may do.
    await page.getByLabel('Token').fill(VIEWER)
    await page.keyboard.press('Enter')
    await page.locator('[data-flame]').waitFor()
    await page.getByRole('button', { name: 'Export' }).waitFor()
    const forOperators = page.getByRole('button', { name: /Share|Pin|Open profile/ })
    expect(await countNow(forOperators)).toBe(0)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Time zone').waitFor()
    const forAdmins = page.getByRole('heading', { name: /Tokens|Audit log|Shared links/ })
    expect(await countNow(forAdmins)).toBe(0)
  })
})

function sha256Of(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
