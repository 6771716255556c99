import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, overflowPx } from './open-web.ts'

const TOKEN = 'kp_of-an-operator'

describe.skipIf(lacks('chromium'))('where a token is needed', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    const sha256 = createHash('sha256').update(TOKEN).digest('hex')
    web = await openWeb({
      settings: {
        'server.tokens': JSON.stringify([{ name: 'on call', role: 'operator', sha256 }]),
      },
    })
  })
  afterAll(() => web.close())

  test('a stranger is asked for it, and comes in with the right one until leaving', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(web.url)
    const field = page.getByLabel('Token')
    await field.fill('a guess')
    expect(await overflowPx(page)).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByText('does not accept this token').waitFor()
    await field.fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /A healthy API server/ }).click()
    await page.locator('[data-flame]').waitFor()
    await page.reload()
    await page.locator('[data-flame]').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()
  })
})
