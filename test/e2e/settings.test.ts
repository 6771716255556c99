import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb } from './open-web.ts'

describe.skipIf(lacks('chromium'))('the page Settings', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb({ works: false })
  })
  afterAll(() => web.close())

  test('makes the first token, then asks for it, and lists what was done', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(`${web.url}/settings`)
    await page.getByLabel('Name').fill('me')
    await page.getByRole('button', { name: 'Create' }).click()
    const shown = page.locator('[data-new-token]')
    await expect.poll(() => shown.inputValue()).toMatch(/^kp_[\w-]{43}$/)
    const token = await shown.inputValue()
    expect(complaints).toEqual([])
    await page.reload()
    await page.getByLabel('Token').first().fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('session.sign-in').first().waitFor()
    await page.locator('[data-token="me"]').getByRole('button', { name: 'Revoke' }).waitFor()
    await page.getByText('no account yet').waitFor()
  })
})
