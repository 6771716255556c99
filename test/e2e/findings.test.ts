import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import type { Page } from 'playwright-core'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb, overflowPx, waitForLabel } from './open-web.ts'

const LIST =
  'net/http.(*conn).serve; k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList 36000000000'

describe.skipIf(lacks('chromium'))('findings in a browser', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('the fleet shows it, the inbox acknowledges it, its target has its captures', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await page.getByText('Why is the control plane slow?').waitFor()
    await capture(50)
    await capture(20)
    await page.reload()
    await page.getByRole('region', { name: 'prod' }).getByText('critical').waitFor()
    await page.getByRole('link', { name: 'kube-apiserver', exact: true }).click()
    const row = page.locator('[data-rule="apiserver.list-from-etcd"]')
    await row.getByText('in 2 captures').waitFor()

    await row.getByRole('button', { name: 'Acknowledge' }).press('Enter')
    await page.getByLabel('Note').fill('A client lists all pods.')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).press('Enter')
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^acknowledged/ }).click()
    await row.getByText('A client lists all pods.').waitFor()
    await page.waitForURL(({ searchParams }) => searchParams.get('state') === 'open,acknowledged')
    await row.getByRole('button', { name: 'Reopen' }).click()
    await row.getByRole('button', { name: 'Acknowledge' }).waitFor()

    await row.getByRole('link', { name: 'api', exact: true }).click()
    await page.getByRole('img', { name: /points over time/ }).waitFor()
    const boxes = page.getByRole('checkbox', { name: /^Select api/ })
    await boxes.first().check()
    await boxes.last().check()
    await page.getByRole('link', { name: 'Compare' }).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => overflowPx(page)).toBe(0)

    await page.setViewportSize({ width: 1400, height: 900 })
    await page.getByRole('link', { name: 'History', exact: true }).click()
    await page.getByText('2 profiles', { exact: true }).waitFor()
    await page.getByRole('button', { name: '+ Label' }).click()
    await page.getByLabel('Label', { exact: true }).selectOption('instance')
    await page.getByLabel('Value', { exact: true }).fill('cp-1')
    await page.getByLabel('Value', { exact: true }).press('Enter')
    await page.waitForURL(/selector=/)
    await waitForLabel(page, 'etcd3.(*store).GetList')
    await page.getByLabel('Time', { exact: true }).selectOption('1h')
    await page.waitForURL(/last=1h/)
    const compare = page.getByRole('button', { name: 'Compare with the time before' })
    // The chart is drawn anew when the values of the hour arrive.
    await expect.poll(async () => (await drawSpan(page, 35 / 60)) && compare.isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Clear the selection' }).click()
    await drawSpan(page, 35 / 60, async () => {
      await page.evaluate('document.querySelector(".u-over").dataset.before = ""')
      // It draws the chart anew.
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.locator('.u-over:not([data-before])').waitFor()
    })
    await page.getByRole('button', { name: 'Clear the selection' }).click()
    await page.mouse.click(2, 2)
    await page.evaluate('new Promise((done) => setTimeout(done, 100))')
    expect(await countNow(compare)).toBe(0)
    await drawSpan(page, 35 / 60)
    await compare.click()
    await page.waitForURL(/before=.*&beforeTo=/)
    await page.getByText('Changed functions').waitFor()
    await page.getByRole('button', { name: 'End the comparison' }).click()
    await page.getByRole('region', { name: 'Difference' }).waitFor({ state: 'detached' })
    await page.locator('[data-flame]').waitFor()
    await page.getByRole('button', { name: 'Compare with other labels' }).click()
    await page.getByRole('group', { name: 'Compared with' }).waitFor()
    await page.getByRole('region', { name: 'Difference' }).waitFor()
    expect(complaints).toEqual([])
  })

  async function capture(minutesAgo: number): Promise<void> {
    const atMs = Date.now() - minutesAgo * 60_000
    const profile = {
      ...profileFromFolded(`${LIST}\nmain ${minutesAgo}`, { type: 'cpu', unit: 'nanoseconds' }),
      timeNs: BigInt(atMs) * 1_000_000n,
      durationNs: 30_000_000_000n,
    }
    const body = new FormData()
    const time = new Date(atMs).toISOString()
    const fields = { target: 'api', component: 'kube-apiserver', instance: 'cp-1', cluster: 'prod' }
    for (const [name, value] of Object.entries({ ...fields, time })) body.set(name, value)
    body.set('file', new Blob([Buffer.from(encodeProfile(profile))]), 'cpu.pb.gz')
    const sent = await fetch(`${web.url}/api/v1/captures`, { method: 'POST', body })
    const { capture: added }: { readonly capture: { readonly id: string } } = JSON.parse(
      await sent.text(),
    )
    const report = `${web.url}/api/v1/captures/${added.id}/report`
    await expect.poll(async () => (await fetch(report)).status).toBe(200)
  }
})

/**
 * Draws over the last part of the chart, up to its end; false where there is no chart yet. `meanwhile` is done with the
 * button of the mouse down.
 */
async function drawSpan(
  page: Page,
  part: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<boolean> {
  const box = await page.locator('.u-over').boundingBox()
  if (box === null) return false
  await page.mouse.move(box.x + box.width * (1 - part), box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 2, box.y + 60, { steps: 4 })
  await meanwhile()
  await page.mouse.up()
  return true
}
