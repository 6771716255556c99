import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { countNow, dropFolder, examplePath, type OpenedWeb, openWeb } from './open-web.ts'

describe.skipIf(lacks('chromium'))('two dropped folders', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('of one component are two captures, and the later is compared with the one before', async () => {
    const { page, complaints } = await web.openPage()
    const earlier = await dropExample(page, web.url, 'apiserver-list-no-rv')
    await page.locator('article[data-rule="apiserver.list-from-etcd"]').waitFor()
    expect(await countNow(page.getByRole('link', { name: /^Compare with/ }))).toBe(0)
    const title = await page.title()

    const later = await dropExample(page, web.url, 'apiserver-healthy-mixed')
    await page.getByText('neither says of which instance').waitFor()
    await expect.poll(() => page.title(), { message: 'they are told apart' }).not.toBe(title)
    await page.getByRole('link', { name: /^Compare with the one before \(20\d\d-/ }).click()
    await page.waitForURL(/\/compare\?/)
    expect(new URL(page.url()).search).toBe(`?a=${earlier}&b=${later}&of=captures`)
    await page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()
    const sides = page.locator('header').getByRole('link', { name: 'kube-apiserver' })
    await expect.poll(() => sides.first().getAttribute('href')).toBe(`/captures/${earlier}`)
    await expect.poll(() => sides.last().getAttribute('href')).toBe(`/captures/${later}`)

    await page.goto(`${web.url}/captures/${earlier}`)
    await page.getByRole('link', { name: /^Compare with the one after/ }).click()
    await page.waitForURL(/\/compare\?/)
    expect(new URL(page.url()).search).toBe(`?a=${earlier}&b=${later}&of=captures`)

    await page.goto(`${web.url}/captures/${later}`)
    await page.getByRole('link', { name: 'CPU profile' }).click()
    await page.getByRole('link', { name: /^Compare with the one before \(20\d\d-/ }).click()
    await page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()
    expect(complaints).toEqual([])
  })

  test('are one row each on the first page, and compared from there', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    const boxes = page.getByRole('checkbox', { name: /^Select kube-apiserver · 20\d\d-/ })
    await expect.poll(() => boxes.count()).toBe(2)
    expect(await countNow(page.getByRole('checkbox'))).toBe(2)
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await page.getByRole('button', { name: 'Compare the two' }).click()
    await page.waitForURL(/\/compare\?a=.*&of=captures/)
    await page.getByText(/shrank from .* cores to .* cores/).waitFor()
    expect(complaints).toEqual([])
  })
})

/** Drops a folder that says nothing of its process but with its profiles. Returns the id of its capture. */
async function dropExample(page: Page, url: string, example: string): Promise<string> {
  const folder = join(await temporaryDirectory(), 'dump')
  await mkdir(folder)
  for (const name of ['cpu.pb.gz', 'goroutine.pb.gz'])
    await copyFile(examplePath(`${example}/${name}`), join(folder, name))
  await page.goto(url)
  await page.getByText('Drop profiles here').waitFor()
  await dropFolder(page, folder)
  await page.waitForURL(/\/captures\/./)
  return page.url().replace(/.*\//, '')
}
