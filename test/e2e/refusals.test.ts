import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { lacks } from '../requirements.ts'
import { countNow, examplePath, type OpenedWeb, openWeb, uploadExample } from './open-web.ts'
import { readFile } from 'node:fs/promises'

const LATER = '3600'

type Refusal = readonly [status: number, code: string, message: string]

const REFUSALS: readonly [Refusal, Refusal, Refusal] = [
  [403, 'FORBIDDEN', 'The token does not allow this.'],
  [429, 'RATE_LIMITED', 'Too many requests; wait and try again.'],
  [503, 'OVERLOADED', 'The server is busy; try again in a moment.'],
]

describe.skipIf(lacks('chromium'))('what the server does not give now', () => {
  let web: OpenedWeb
  let profileId: string
  beforeAll(async () => {
    web = await openWeb()
    profileId = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
  })
  afterAll(() => web.close())

  test.each(REFUSALS)(
    'a page refused with %i is not one that does not exist',
    async (...refusal) => {
      const { page } = await web.openPage()
      for (const [path, address, title, way] of [
        [`/profiles/${profileId}`, `**/api/v1/profiles/${profileId}`, 'The profile', 'Profiles'],
        ['/captures/one', '**/api/v1/captures/one', 'The capture', 'Captures'],
        ['/findings/one', '**/api/v1/findings/one?*', 'The finding', 'Findings'],
        ['/rules/go.gc', '**/api/v1/rules/go.gc', 'The rule', 'All rules'],
        ['/s/none', '**/api/v1/shared/none', 'What the link shows', null],
      ] as const) {
        await refuse(page, address, refusal)
        await page.goto(web.url + path)
        await page.getByRole('heading', { name: `${title} could not be loaded.` }).waitFor()
        await page.getByRole('alert').getByText(refusal[2]).waitFor()
        await page.getByRole('button', { name: 'Try again' }).waitFor()
        const ways = page.locator('main').getByRole('link')
        await expect.poll(() => ways.allTextContents()).toEqual(way === null ? [] : [way])
      }
    },
  )

  test('a profile that the server refused is shown when it is asked again', async () => {
    const { page } = await web.openPage()
    const address = `**/api/v1/profiles/${profileId}`
    await refuse(page, address, REFUSALS[1])
    await page.goto(`${web.url}/profiles/${profileId}`)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    await page.unroute(address)
    await again.press('Enter')
    await page.locator('[data-flame]').waitFor()
    expect(await countNow(again)).toBe(0)
  })

  test('a busy server is asked again when it says so, and nothing of a failure is seen', async () => {
    const { page } = await web.openPage()
    let asked = 0
    await page.route(`**/api/v1/profiles/${profileId}`, (route) => {
      asked += 1
      return asked < 3 ? route.fulfill(reply(REFUSALS[2], '1')) : route.continue()
    })
    await page.goto(`${web.url}/profiles/${profileId}`)
    await page.locator('[data-flame]').waitFor()
    expect(asked).toBe(3)
    expect(await countNow(page.getByRole('button', { name: 'Try again' }))).toBe(0)
  })

  test('where a chart does not come, the rest of a target stays, and the chart is asked for again', async () => {
    await captureOf('api')
    const { page } = await web.openPage()
    await refuse(page, '**/api/v1/range/series?*', REFUSALS[2])
    await page.goto(`${web.url}/targets/api`)
    const chart = page.getByRole('region', { name: 'Captures over time' })
    await chart.getByText('The chart could not be loaded.').waitFor()
    await chart.getByText('The server is busy').waitFor()
    expect(await countNow(page.getByText('There are no profiles of this type'))).toBe(0)
    await page.locator('[data-rule="apiserver.list-from-etcd"]').waitFor()
    await page.getByRole('checkbox', { name: /^Select api/ }).waitFor()
    await page.unroute('**/api/v1/range/series?*')
    await chart.getByRole('button', { name: 'Try again' }).click()
    await chart.getByText('The chart could not be loaded.').waitFor({ state: 'detached' })

    await refuse(page, '**/api/v1/range/series?*', REFUSALS[2])
    await page.goto(`${web.url}/ranges?last=30d`)
    await page.getByText('The chart could not be loaded.').waitFor()
    await page.locator('[data-flame]').waitFor()
  })

  async function captureOf(target: string): Promise<void> {
    const body = new FormData()
    body.set('target', target)
    body.set('component', 'kube-apiserver')
    const bytes = await readFile(examplePath('apiserver-list-no-rv/cpu.pb.gz'))
    body.set('file', new Blob([bytes]), 'cpu.pb.gz')
    const sent = await fetch(`${web.url}/api/v1/captures`, { method: 'POST', body })
    expect(sent.status).toBe(201)
  }
})

/** Refuses what is asked at an address, and says to come back much later. */
function refuse(page: Page, address: string, refusal: Refusal): Promise<unknown> {
  return page.route(address, (route) => route.fulfill(reply(refusal, LATER)))
}

function reply([status, code, message]: Refusal, retryAfter: string) {
  const error = { code, message, requestId: 'refused' }
  return { status, headers: { 'retry-after': retryAfter }, json: { error } }
}
