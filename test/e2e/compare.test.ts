import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb, overflowPx, uploadExample } from './open-web.ts'

describe.skipIf(lacks('chromium'))('two profiles', () => {
  let web: OpenedWeb
  let earlierId: string
  let laterId: string
  beforeAll(async () => {
    web = await openWeb()
    laterId = await uploadExample(web.url, 'apiserver-healthy-mixed/cpu.pb.gz')
    earlierId = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
  })
  afterAll(() => web.close())

  test('chosen in their list, the one taken first is the one before, whichever was uploaded first', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/profiles`)
    const boxes = page.getByRole('checkbox', { name: /^Select kube-apiserver/ })
    await boxes.nth(1).check()
    await boxes.nth(0).check()
    await page.getByRole('link', { name: 'Compare', exact: true }).click()
    await page.waitForURL(/\/compare\?/)
    expect(new URL(page.url()).search).toBe(`?a=${earlierId}&b=${laterId}`)
  })

  test('selected in a list are compared: one sentence, the difference, functions and findings', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    const boxes = page.getByRole('checkbox', { name: /^Select kube-apiserver/ })
    await boxes.nth(1).check()
    await boxes.nth(0).check()
    await page.getByRole('button', { name: 'Compare the two' }).click()
    await page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()
    await page.getByText('Objects are listed from etcd').waitFor()
    const rows = page.getByRole('row')
    await rows.filter({ hasText: 'ListResource' }).first().waitFor()
    const difference = page.locator('[data-side=both] [data-flame]')
    await difference.focus()
    await page.keyboard.press('ArrowDown')
    await expect
      .poll(() => difference.getByRole('treeitem').first().getAttribute('aria-label'))
      .toMatch(/→ .* cores, [+−].* cores/)
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => page.evaluate(COLUMNS_CUT)).toEqual([])
    await page.setViewportSize({ width: 1400, height: 900 })
    await page.locator('[data-side=before] [data-flame]').waitFor()
    await page.locator('[data-side=after] [data-flame]').waitFor()
    await difference.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]p=/)
    await page.getByText('open in after').click()
    await page.waitForURL(/profiles\/.*view=sandwich/)
    await page.getByText('Callers, nearest below').waitFor()
    await expect.poll(() => overflowPx(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  test.each([
    ['columns', (id: string) => `**/api/v1/profiles/${id}/columns`],
    ['profile', (id: string) => `**/api/v1/profiles/${id}`],
  ])('whose %s a busy server does not send are asked for again', async (_, addressOf) => {
    const { page } = await web.openPage()
    const address = addressOf(laterId)
    await page.route(address, (route) => route.fulfill(BUSY))
    await page.goto(`${web.url}/compare?a=${earlierId}&b=${laterId}`)
    await page.getByText('The two profiles could not be loaded.').waitFor()
    await page.getByText('The server is busy').waitFor()
    expect(await countNow(page.getByText('cannot be compared'))).toBe(0)
    await page.unroute(address)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()
  })

  test('one of them alone is asked for again, too', async () => {
    const { page } = await web.openPage()
    await page.route('**/columns', (route) => route.fulfill(BUSY))
    await page.goto(`${web.url}/profiles/${laterId}`)
    await page.getByText('The server is busy').waitFor()
    await page.unroute('**/columns')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('[data-flame]').waitFor()
    expect(await countNow(page.getByText('The server is busy'))).toBe(0)
  })
})

const BUSY = {
  status: 503,
  headers: { 'retry-after': '1' },
  json: {
    error: {
      code: 'OVERLOADED',
      message: 'The server is busy; try again in a moment.',
      requestId: 'busy',
    },
  },
}

/** What is wider than its column in a table. */
const COLUMNS_CUT = `[...document.querySelectorAll('[role=grid] :is([role=columnheader], [role=gridcell]):not(:last-child)')]
  .filter((cell) => cell.scrollWidth > cell.clientWidth || [...cell.children].some((part) => part.getBoundingClientRect().left < cell.getBoundingClientRect().left - 1))
  .map((cell) => cell.textContent)`
