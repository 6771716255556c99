import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FACET_VALUES_MAX } from '../../api/index.ts'
import type { Page } from 'playwright-core'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

describe.skipIf(lacks('chromium'))('the filters of a list', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
    await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
  })
  afterAll(() => web.close())

  test.each([
    ['/profiles?component=etcd', 'etcd', 'No profile matches these filters.'],
    ['/profiles?type=disk', 'disk', /"type" must be one of cpu, heap/],
    ['/captures?cluster=gone', 'gone', 'No capture matches these filters.'],
    ['/findings?rule=no.such', 'no.such', 'No finding matches these filters.'],
    ['/findings?level=dreadful', 'dreadful', /"level" must be one of info/],
  ])('%s says why there are no rows, and takes the filter back', async (path, value, none) => {
    const { page } = await web.openPage()
    await page.goto(web.url + path)
    const filters = page.getByRole('region', { name: 'Filters' })
    await page.getByText(none).waitFor()
    await filters.getByText('nothing matches').waitFor()
    await expect
      .poll(() => filters.getByRole('button', { name: value, exact: true }).count())
      .toBe(0)
    await filters.getByRole('button', { name: `Remove the filter ${value}` }).click()
    await page.waitForURL((address) => !address.search.includes(value))
    await filters.getByText('nothing matches').waitFor({ state: 'detached' })
  })

  test('an instance and labels of an address narrow a list, and are taken back as others are', async () => {
    const { page } = await web.openPage()
    const filters = page.getByRole('region', { name: 'Filters' })
    for (const filter of ['instance=gone-1', 'label.zone=elsewhere']) {
      await page.goto(`${web.url}/profiles?${filter}`)
      await page.getByText('No profile matches these filters.').waitFor()
      const value = filter.slice(filter.indexOf('=') + 1)
      await filters.getByRole('button', { name: `Remove the filter ${value}` }).click()
      await page.waitForURL((address) => address.search === '')
      await expect.poll(() => page.getByText('No profile matches these filters.').count()).toBe(0)
    }
  })

  test.each(['/profiles', '/findings'])('the back button of %s undoes a filter', async (path) => {
    const { page } = await web.openPage()
    await page.goto(web.url + path)
    const filters = page.getByRole('region', { name: 'Filters' })
    const values = filters.getByRole('button', { name: /^kube-apiserver/ })
    await values.click()
    await page.waitForURL(/component=kube-apiserver/)
    await page.goBack()
    await page.waitForURL((address) => address.pathname === path && address.search === '')
    await expect.poll(() => values.getAttribute('aria-pressed')).toBe('false')
  })

  test('a list of findings of which none is open says so', async () => {
    const { page } = await web.openPage()
    await page.route('**/api/v1/findings?*', (route) =>
      route.fulfill({ json: { items: [], nextCursor: null } }),
    )
    await page.goto(`${web.url}/findings`)
    await page.getByText('No finding is open.').waitFor()
    expect(await countNow(page.getByText('matches these filters'))).toBe(0)
  })

  test('a filter with more values than are counted says so, and takes one that is typed', async () => {
    const { page } = await web.openPage()
    await page.route('**/api/v1/profiles/facets?*', (route) => route.fulfill({ json: facets() }))
    await page.route('**/api/v1/profiles/facets', (route) => route.fulfill({ json: facets() }))
    await page.goto(`${web.url}/profiles`)
    const filters = page.getByRole('region', { name: 'Filters' })
    await filters.getByText('The 100 most common are listed.').waitFor()
    await filters.getByPlaceholder('Another target').fill('rare')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]target=rare/)
    await filters.getByRole('button', { name: 'Remove the filter rare' }).waitFor()
    // It may be one of those that are not counted.
    await expect.poll(() => filters.getByText('nothing matches').count()).toBe(0)
    await filters.getByRole('button', { name: '92 more' }).press('Enter')
    await filters.getByRole('button', { name: /^target-99/ }).waitFor()
    await expect.poll(() => focusedText(page)).toMatch(/^target-8/)
  })

  test('the keyboard stays in the filters when what it was on goes', async () => {
    const { page } = await web.openPage({ forcedColors: 'active' })
    await page.goto(`${web.url}/profiles?component=etcd&type=disk`)
    const filters = page.getByRole('region', { name: 'Filters' })
    await filters.getByText('nothing matches').first().waitFor()
    const cross = filters.getByRole('button', { name: 'Remove the filter etcd' })
    await cross.press('Enter')
    await cross.waitFor({ state: 'detached' })
    await expect.poll(() => isFocusIn(page)).toBe(true)
    const clear = filters.getByRole('button', { name: 'Clear filters' })
    await clear.press('Enter')
    await clear.waitFor({ state: 'detached' })
    await expect.poll(() => isFocusIn(page)).toBe(true)
    const type = filters.getByRole('button', { name: /^cpu/ })
    await type.click()
    await page.waitForURL(/type=cpu/)
    const colours = () =>
      page.evaluate<string[]>(
        '[...document.querySelectorAll("[aria-pressed]")].map((value) => getComputedStyle(value).color)',
      )
    await expect.poll(async () => new Set(await colours()).size).toBe(2)
  })

  test('the list of findings says where those of level info are', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/findings?level=info`)
    await page.getByText('Those of level info are in the reports of their profiles').waitFor()
    await page.getByRole('link', { name: /level info/ }).click()
    await page.waitForURL(/\/profiles\?level=info$/)
    await page.goto(`${web.url}/findings?level=warning`)
    await page.locator('[data-rule="apiserver.list-from-etcd"]').waitFor()
    expect(await countNow(page.getByText('level info'))).toBe(0)
  })
})

function facets() {
  const target = Array.from({ length: FACET_VALUES_MAX }, (_, row) => ({
    value: `target-${row}`,
    count: 2,
  }))
  return { target, component: [], type: [], status: [], level: [], isCut: false }
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.textContent')
}

function isFocusIn(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    'document.activeElement.closest("section[aria-label=Filters]") !== null',
  )
}
