import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, topPx, uploadExample } from './open-web.ts'

const PHONE = { viewport: { width: 390, height: 844 } }

describe.skipIf(lacks('chromium'))('on a phone', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test.each(['apiserver-list-no-rv/cpu.pb.gz', 'apiserver-slow-webhook/goroutine.pb.gz'])(
    'the worst finding of %s and the top of its picture are in the first screen',
    async (name) => {
      const id = await uploadExample(web.url, name)
      const { page } = await web.openPage(PHONE)
      await page.goto(`${web.url}/profiles/${id}`)
      await page.getByRole('button', { name: 'Show in flame graph' }).waitFor()
      const picture = page.locator('[data-flame]')
      await picture.waitFor()
      await expect.poll(() => topPx(picture)).toBeLessThan(844)
      // What the card leaves out is one tap away.
      await page.getByRole('button', { name: /^Below: / }).click()
      await page.getByRole('heading', { name: 'What to do' }).waitFor()
    },
  )
})
