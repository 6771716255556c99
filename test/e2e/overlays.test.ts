import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { settle, violations } from './axe.ts'
import {
  dropFiles,
  examplePath,
  type OpenedWeb,
  openWeb,
  uploadExample,
  waitForLabel,
} from './open-web.ts'

/** What opens over a page, by what opens it. */
const OVERLAYS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'menu of a frame': (page) => page.locator('[data-flame]').press('m'),
  'menu of a filter': (page) => page.getByRole('button', { name: /^Change the filter/ }).click(),
  'form of a new filter': (page) =>
    page.getByRole('button', { name: 'Filter', exact: true }).click(),
  'dialog of keys': (page) => page.getByRole('button', { name: 'Keyboard shortcuts' }).click(),
  'dialog of links': (page) => page.getByRole('button', { name: 'Share' }).click(),
}

describe.skipIf(lacks('chromium'))('what opens over a page', () => {
  let web: OpenedWeb
  let path: string
  beforeAll(async () => {
    web = await openWeb()
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    path = `/profiles/${id}?view=flame&finding=apiserver.list-from-etcd&f=GetList`
  })
  afterAll(() => web.close())

  test.each(['light', 'dark'] as const)('has no violation that axe finds, %s', async (scheme) => {
    const { page } = await web.openPage({ colorScheme: scheme })
    const found: Record<string, readonly string[]> = {}
    for (const [name, open] of Object.entries(OVERLAYS)) {
      await page.goto(web.url + path)
      await waitForLabel(page, 'etcd3.(*store).GetList')
      await open(page)
      await page.locator('[role=menu], [role=dialog]').first().waitFor()
      await settle(page)
      found[name] = await violations(page)
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(OVERLAYS).map((name) => [name, []])))
  })

  test('a page of a file that stays in the browser has no violation that axe finds', async () => {
    const { page } = await web.openPage({ colorScheme: 'dark' })
    await page.goto(`${web.url}/local`)
    await page.locator('[data-ready=true]').waitFor()
    await dropFiles(page, [examplePath('apiserver-list-no-rv/cpu.pb.gz')])
    await page.waitForURL(/\/local\/./)
    await page.locator('article[data-rule="apiserver.list-from-etcd"]').waitFor()
    await page.locator('[data-flame]').waitFor()
    await settle(page)
    await expect.poll(() => violations(page)).toEqual([])
  })
})
