import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { dropFolder, type OpenedWeb, openWeb } from './open-web.ts'

const FOLDER = fileURLToPath(
  new URL('../fixtures/first-sight-16/api135-disks-read-at-the-next-version', import.meta.url),
)

describe.skipIf(lacks('chromium'))('the page of a capture', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('tells its parts apart, and says what is wrong in each profile', async () => {
    const { page } = await web.openPage()
    await page.goto(web.url)
    await page.getByText('Drop profiles here').waitFor()
    await dropFolder(page, FOLDER)
    await page.waitForURL(/\/captures\//)
    const parts = page.getByRole('region', { name: 'Contents' }).getByRole('listitem')
    await page.getByRole('link', { name: 'Metrics, before the profiles' }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: /^Metrics/ }).count()).toBe(2)
    await parts
      .filter({ hasText: 'Goroutine profile' })
      .getByText('Requests wait for a conversion webhook')
      .waitFor()
  })

  test('says that one without a name is followed nowhere, and how to name it', async () => {
    const { page } = await web.openPage()
    await page.goto(web.url)
    await page.getByText('Drop profiles here').waitFor()
    await dropFolder(page, FOLDER)
    await page.waitForURL(/\/captures\//)
    await page.getByText('It names no process, so what is found is in neither the fleet').waitFor()
    await page.getByText('kubeprof push --target NAME --cluster NAME').waitFor()
    await expect.poll(() => page.getByRole('heading', { level: 1 }).count()).toBe(1)
  })
})
