import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb } from './open-web.ts'

describe.skipIf(lacks('chromium'))('the page of the API', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb({ works: false })
  })
  afterAll(() => web.close())

  test.each([
    ['dark', 'rgb(28, 32, 34)'],
    ['light', 'rgba(0, 0, 0, 0)'],
  ] as const)(
    'is %s as the system is, and the browser blocks none of it',
    async (scheme, colour) => {
      const { page, complaints } = await web.openPage({ colorScheme: scheme })
      await page.goto(`${web.url}/api/docs/`)
      await page.getByText('/api/v1/compare').first().waitFor()
      const background = () =>
        page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
      await expect.poll(background).toBe(colour)
      expect(await countNow(page.locator('.topbar'))).toBe(0)
      expect(complaints).toEqual([])
    },
  )

  test('is dark where the app was chosen to be', async () => {
    const { page } = await web.openPage({ colorScheme: 'light' })
    await page.goto(`${web.url}/api/docs/`)
    await page.evaluate("localStorage.setItem('mantine-color-scheme-value', 'dark')")
    await page.reload()
    await page.locator('html.dark-mode').waitFor()
    await expect.poll(() => page.locator('html.dark-mode').count()).toBe(1)
  })
})
