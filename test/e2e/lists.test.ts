import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb } from './open-web.ts'

const HOUR_MS = 3_600_000

describe.skipIf(lacks('chromium'))('lists of captures and profiles', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
    for (const list of ['captures', 'profiles'] as const) {
      await send(list, { name: 'fresh', hoursAgo: 0 })
      await send(list, { name: 'older', hoursAgo: 9 })
      await send(list, { name: 'old', hoursAgo: 3 })
    }
  })
  afterAll(() => web.close())

  test.each(['captures', 'profiles'])(
    '%s show the time that they are ordered by, and when they were taken',
    async (list) => {
      const { page } = await web.openPage()
      await page.goto(`${web.url}/${list}`)
      const rows = page.locator('main li').filter({ hasText: `${list}-` })
      await namesAre(rows, ['old', 'older', 'fresh'])
      await rows.nth(0).getByText('taken 3 hours ago').waitFor()
      await rows.nth(1).getByText('taken 9 hours ago').waitFor()
      await rows
        .nth(1)
        .getByText(/^received /)
        .waitFor()
      expect(await countNow(rows.nth(2).getByText('taken'))).toBe(0)
      await page.goto(`${web.url}/${list}?last=24h`)
      await namesAre(rows, ['fresh', 'old', 'older'])
      await rows.nth(2).getByText('9 hours ago', { exact: true }).waitFor()
      await rows.nth(2).getByText('taken 9 hours ago').waitFor()
      await rows
        .nth(2)
        .getByText(/^received /)
        .waitFor()
      expect(await countNow(rows.nth(0).getByText('received'))).toBe(0)
    },
  )

  test.each(['captures', 'profiles'])(
    'what can be done with chosen %s is as large',
    async (list) => {
      const { page } = await web.openPage()
      await page.goto(`${web.url}/${list}`)
      await page.getByRole('checkbox', { name: 'Select', exact: true }).check()
      const heightOf = async (name: string) =>
        (await page.getByRole('button', { name, exact: true }).boundingBox())?.height
      await expect
        .poll(async () => (await heightOf('Delete')) === (await heightOf('Pin')))
        .toBe(true)
    },
  )

  async function send(
    list: 'captures' | 'profiles',
    { name, hoursAgo }: { readonly name: string; readonly hoursAgo: number },
  ): Promise<void> {
    const atMs = Date.now() - hoursAgo * HOUR_MS
    const profile = {
      ...profileFromFolded(`main;${name} ${hoursAgo + 1}`, { type: 'cpu', unit: 'nanoseconds' }),
      timeNs: BigInt(atMs) * 1_000_000n,
    }
    const bytes = Buffer.from(encodeProfile(profile))
    const fields = { target: `${list}-${name}`, time: new Date(atMs).toISOString() }
    const form = new FormData()
    for (const [key, value] of Object.entries(fields)) form.set(key, value)
    form.set('file', new Blob([bytes]), 'cpu.pb.gz')
    const sent = await fetch(
      `${web.url}/api/v1/${list}?${list === 'profiles' ? new URLSearchParams(fields).toString() : ''}`,
      { method: 'POST', body: list === 'profiles' ? bytes : form },
    )
    expect(sent.status).toBe(201)
  }
})

/** The rows, from above, are of targets that are called so. */
async function namesAre(rows: Locator, names: readonly string[]): Promise<void> {
  await expect
    .poll(async () => {
      const texts = await rows.allTextContents()
      return texts.map((text) => /-(fresh|older|old)/.exec(text)?.[1])
    })
    .toEqual(names)
}
