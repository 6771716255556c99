import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { countNow, type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

/** As ids are, but of nothing. */
const UNUSED_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe.skipIf(lacks('chromium'))('what is not there', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test.each([
    ['/targets/none', 'There is no such target', 'Targets'],
    ['/findings/none', 'There is no such finding', 'Findings'],
    ['/captures/none', 'There is no such capture', 'Captures'],
    ['/profiles/none', 'There is no such profile', 'Profiles'],
    ['/rules/none', 'There is no such rule', 'All rules'],
    ['/compare?a=none&b=none', 'There is no such profile', 'Profiles'],
    [`/compare?a=${UNUSED_ID}&b=${UNUSED_ID}`, 'There is no such profile', 'Profiles'],
    ['/compare?of=captures&a=none&b=none', 'There is no such capture', 'Captures'],
  ])('%s says so, and leads on', async (path, title, way) => {
    const { page } = await web.openPage()
    await page.goto(web.url + path)
    await page.getByRole('heading', { name: title }).waitFor()
    const ways = page.locator('main').getByRole('link', { name: way })
    await expect.poll(() => ways.count()).toBe(1)
  })

  test('a history without profiles says so, and asks for none', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(`${web.url}/ranges?type=mutex`)
    await page.getByText('There are no such profiles').waitFor()
    expect(complaints).toEqual([])
  })

  test('a comparison of which one side is there says which is not', async () => {
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const { page } = await web.openPage()
    await page.goto(`${web.url}/compare?a=${id}&b=none`)
    await page.getByRole('heading', { name: 'There is no such profile' }).waitFor()
    await page.getByText('After none').waitFor()
    expect(await countNow(page.getByText('Before'))).toBe(0)
  })

  test('a link that is unknown leads to no page that its reader may not open', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/s/none`)
    await page.getByRole('heading', { name: 'There is no such link' }).waitFor()
    expect(await countNow(page.locator('main').getByRole('link'))).toBe(0)
  })

  test('a link without the report does not ask for it', async () => {
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const exposure = { scope: 'view', labels: 'hidden', source: false }
    const reply = await fetch(`${web.url}/api/v1/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ profileId: id, view: 'view=top', expiresInSeconds: 3600, exposure }),
    })
    const { url }: { readonly url: string } = JSON.parse(await reply.text())
    const { page, complaints } = await web.openPage()
    await page.goto(url)
    await page.getByRole('grid').waitFor()
    expect(complaints).toEqual([])
  })
})
