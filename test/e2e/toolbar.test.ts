import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

describe.skipIf(lacks('chromium'))('the toolbar of the views', () => {
  let web: OpenedWeb
  let url: string
  beforeAll(async () => {
    web = await openWeb()
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    url = `${web.url}/profiles/${id}`
  })
  afterAll(() => web.close())

  test.each([1400, 1100, 390])(
    'has room for the ways through the matches beside the filters, at %i pixels',
    async (width) => {
      const { page } = await web.openPage({ viewport: { width, height: 900 } })
      await page.goto(`${url}?view=flame`)
      await page.getByText('Filter chain hidden').waitFor()
      const field = page.getByPlaceholder('Find functions')
      const before = await heightPx(field)
      await field.fill('Unmarshal')
      await page.getByText(/^– of /).waitFor()
      await expect.poll(() => isWhole(page, '#search-result')).toBe(true)
      await page.getByRole('button', { name: 'Next match' }).click()
      await page.getByText(/^1 of /).waitFor()
      await expect.poll(() => heightPx(field)).toBe(before)
      await expect.poll(async () => (await field.boundingBox())?.width).toBeGreaterThan(120)
    },
  )

  test('marks the filter that is not a regular expression', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=flame&fs=${encodeURIComponent('f handlers\nh a(b')}`)
    await page.getByRole('alert').getByText('missing closing').waitFor()
    const chips = page.getByRole('button', { name: /not a regular expression/ })
    await expect.poll(() => chips.allTextContents()).toEqual([expect.stringContaining('a(b')])
  })

  test('has crosses that touch no text, and a chosen value that shows, where colours are forced', async () => {
    const { page } = await web.openPage({ forcedColors: 'active' })
    await page.goto(`${url}?view=flame`)
    const cross = page.getByRole('button', { name: 'Show the filter chain' })
    await cross.waitFor()
    const edges = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('[aria-label="Show the filter chain"]')].map(
        (one) => getComputedStyle(one).borderTopWidth)`,
    )
    expect(edges).toEqual(['0px'])
    await page.getByRole('button', { name: 'Share' }).click()
    await page.locator('.mantine-SegmentedControl-label').first().waitFor()
    const colours = () =>
      page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('.mantine-SegmentedControl-label')].map(
          (one) => getComputedStyle(one).color)`,
      )
    await expect.poll(async () => new Set(await colours()).size).toBe(2)
  })
})

async function heightPx(field: Locator): Promise<number> {
  return (await field.boundingBox())?.height ?? 0
}

/** Whether all of an element is seen. */
function isWhole(page: Page, selector: string): Promise<boolean> {
  return page.evaluate<boolean>(
    `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('${selector}'))`,
  )
}
