import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { HOSTILE, uploadHostileCapture } from './hostile-capture.ts'
import { dropFiles, type OpenedWeb, openWeb, overflowPx } from './open-web.ts'

const PAYLOADS = [
  'main.<img/src=x/onerror=window.wasRun=1>',
  'main."><script>window.wasRun=1</script>',
  'main.</title></svg><svg/onload=window.wasRun=1>',
  'main.javascript:window.wasRun=1',
]
const REVERSED = 'main.\u202Egnp.exe'

describe.skipIf(lacks('chromium'))('names from outside', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('stay text in every view, and characters that deceive are shown', async () => {
    const { page, complaints } = await web.openPage()
    const file = join(await temporaryDirectory(), '<b onmouseover=window.wasRun=1>.pb')
    const stacks = PAYLOADS.map((name) => `main.main;${name} 10`)
    const folded = [...stacks, `main.main;${REVERSED} 5`].join('\n')
    const profile = profileFromFolded(folded, { type: 'samples', unit: 'count' })
    await writeFile(file, encodeProfile(profile))
    await page.goto(web.url)
    await dropFiles(page, [file])
    await page.locator('[data-flame]').waitFor()

    await page.locator('g.frame').nth(2).hover()
    for (const key of ['1', '2', '3', '4']) await page.keyboard.press(key)
    await page.keyboard.press('2')
    const titles = () =>
      page.evaluate<string>(
        "[...document.querySelectorAll('[role=grid] [title]')].map(({ title }) => title).join()",
      )
    for (const payload of [...PAYLOADS, 'U+202E']) await expect.poll(titles).toContain(payload)
    const seen = await titles()
    expect(seen).not.toContain('\u202E')
    const wasRun = await page.evaluate('window.wasRun')
    expect(wasRun).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('stay text on the pages of a fleet, and fit a phone', async () => {
    const { captureId, findingId } = await uploadHostileCapture(web.url)
    const { page, complaints } = await web.openPage({ viewport: { width: 390, height: 844 } })
    const paths = [
      '/',
      '/findings',
      `/findings/${findingId}`,
      '/captures',
      `/captures/${captureId}`,
      `/targets/${encodeURIComponent(HOSTILE.target)}`,
      `/ranges?target=${encodeURIComponent(HOSTILE.target)}`,
    ]
    for (const path of paths) {
      await page.goto(web.url + path)
      await page.getByText('onerror=window.wasRun=1').filter({ visible: true }).first().waitFor()
      await expect.poll(() => overflowPx(page), { message: path }).toBe(0)
      const text = await page.evaluate<string>('document.querySelector("main").innerText')
      const wasRun = await page.evaluate('window.wasRun !== undefined')
      expect({ path, turns: text.includes('\u202E'), wasRun }).toEqual({
        path,
        turns: false,
        wasRun: false,
      })
    }
    // Only a target that is not configured is asked for in vain.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  })
})
