import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  encodeProfile,
  type Profile,
  ProfileBuilder,
  profileFromFolded,
} from '../../profile/index.ts'
import { lacks } from '../requirements.ts'
import { settle, violations } from './axe.ts'
import { countNow, type OpenedWeb, openWeb, overflowPx, uploadProfile } from './open-web.ts'

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const SIBLINGS = Array.from({ length: 20_000 }, (_, row) => `main.main;main.f${row} 10000000`)

describe.skipIf(lacks('chromium'))('an odd profile', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  async function open(profile: Profile, view: string) {
    const id = await uploadProfile(web.url, gzipSync(encodeProfile(profile)))
    const { page, complaints } = await web.openPage()
    await page.goto(`${web.url}/profiles/${id}${view}`)
    const faults = async () => {
      await settle(page)
      await expect.poll(() => overflowPx(page)).toBe(0)
      return [...complaints, ...(await violations(page))]
    }
    return { page, faults }
  }

  test('without samples says so, in place of findings and of the picture', async () => {
    const { page, faults } = await open(profileFromFolded('', CPU), '')
    await page.getByText('There is nothing to judge').waitFor()
    await page.getByText('The profile holds no samples of this type.').waitFor()
    await expect.poll(faults).toEqual([])
  })

  test('of one sample is a picture of one stack', async () => {
    const one = profileFromFolded('main.main;main.work 10000000', CPU)
    const { page, faults } = await open(one, '')
    await page.locator('[data-flame][data-frames="3"]').waitFor()
    await expect.poll(faults).toEqual([])
  })

  test('of 20,000 siblings says how many are not drawn, and lists all of them', async () => {
    const { page, faults } = await open(profileFromFolded(SIBLINGS.join('\n'), CPU), '')
    await page.locator('[data-flame]').waitFor()
    await page.getByText(/ of 20,00\d frames/).waitFor()
    await page.keyboard.press('2')
    await page.locator('[role=grid][aria-rowcount="20002"]').waitFor()
    await expect.poll(faults).toEqual([])
  })

  test('of 3,000 values of a tag counts them, and finds one', async () => {
    const { page, faults } = await open(tagged(3000), '?view=tags')
    await page.getByText('3,000 values').waitFor()
    await page.getByLabel('Find values of client').fill('client-2999')
    await page.locator('[role=grid][aria-rowcount="2"]').getByText('client-2999').waitFor()
    await expect.poll(faults).toEqual([])
  })

  test('of functions without a package names their row, and begins with the first', async () => {
    const folded = [
      '.text 5000000',
      ...SIBLINGS.slice(0, 100).map((line, row) => line.replaceAll('main.', `p${row}.`)),
    ]
    const { page, faults } = await open(profileFromFolded(folded.join('\n'), CPU), '?view=packages')
    const rows = page.getByRole('grid').getByRole('row')
    await rows.filter({ hasText: 'p0' }).first().waitFor()
    expect(await countNow(rows.and(page.locator('[data-current=true]')))).toBe(0)
    await page.getByRole('grid').press('End')
    await rows.filter({ hasText: 'no package' }).waitFor()
    await expect.poll(faults).toEqual([])
  })
})

function tagged(count: number): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [CPU] })
  const func = builder.func({ name: 'main.work', file: 'main.go' })
  const location = builder.location({ mapping: -1, lines: [{ func, line: 1 }] })
  for (let row = 0; row < count; row++) {
    const labels = [{ key: 'client', text: `client-${row}` }]
    builder.sample({ locations: [location], values: [10_000_000n], labels })
  }
  return builder.finish()
}
