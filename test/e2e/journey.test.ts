import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import {
  countNow,
  drawnFrames,
  dropFiles,
  dropFolder,
  examplePath,
  type OpenedWeb,
  openWeb,
  overflowPx,
  topPx,
  waitForLabel,
} from './open-web.ts'

const METRICS_URL = 'https://prometheus.example.com/graph?g0.expr={query}'

describe.skipIf(lacks('chromium'))('in a browser', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb({ settings: { 'server.metricsUrl': METRICS_URL } })
  })
  afterAll(() => web.close())

  test('a dropped profile leads to its finding, the flame graph, and a link for a colleague', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await page.getByText('Drop profiles here').waitFor()
    await dropFiles(page, [examplePath('apiserver-list-no-rv/cpu.pb.gz')])

    const finding = page.locator('article[data-rule="apiserver.list-from-etcd"]')
    await finding.waitFor()
    await finding.getByRole('heading', { level: 2 }).filter({ hasText: 'etcd' }).waitFor()
    await finding.getByText('What to do').waitFor()
    await expect
      .poll(() => topPx(page.locator('[data-flame]')), {
        message: 'the worst finding and the top of the graph are on the first screen',
      })
      .toBeLessThan(900)

    await finding.getByRole('button', { name: /^Below: evidence, checks/ }).click()
    const query = finding.getByRole('link', { name: 'run the query' }).first()
    await expect.poll(() => query.getAttribute('href')).toMatch(/\?g0\.expr=[\w%().~*'!-]+$/)
    await finding.getByRole('button', { name: 'Show in flame graph' }).press('Enter')
    await expect.poll(() => hasFocus(page.locator('[data-flame]'))).toBe(true)
    const placePx = await topPx(page.locator('[data-flame]'))
    await page.keyboard.press('Tab')
    await expect
      .poll(() => topPx(page.locator('[data-flame]')), { message: 'the next Tab stays here' })
      .toBe(placePx)
    const current = page.locator('[data-flame] [role=treeitem]')
    await waitForLabel(page, 'etcd3.(*store).GetList')
    await page.waitForURL(/[?&]finding=apiserver\.list-from-etcd/)

    const share = (await current.getAttribute('aria-label'))?.split(', ').at(-1)
    await page.locator('[data-flame]').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]p=/)
    await page.locator('nav[aria-label="Zoomed to"]').getByText('etcd3.(*store).GetList').waitFor()
    await expect
      .poll(() => current.getAttribute('aria-label'), {
        message: 'shares stay those of the profile',
      })
      .toContain(share)

    const url = await createLink(page)

    const colleague = await web.openPage()
    await colleague.page.goto(url)
    await colleague.page.getByText('Shared view, read-only').waitFor()
    await colleague.page
      .locator('nav[aria-label="Zoomed to"]')
      .getByText('etcd3.(*store).GetList')
      .waitFor()
    expect(await countNow(colleague.page.getByRole('button', { name: 'Share' }))).toBe(0)

    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('revoked').waitFor()
    expect([...complaints, ...colleague.complaints]).toEqual([])
    await colleague.page.reload()
    await colleague.page.getByText('This link no longer works').waitFor()
  })

  test('files of one process become a capture, and its finding is followed to a link that ends', async () => {
    const before = await captureFiles('apiserver-healthy-mixed', '2026-11-20T08:00:00Z')
    const after = await captureFiles('apiserver-list-no-rv', '2026-11-20T09:00:00Z')
    const { page, complaints } = await web.openPage()
    for (const files of [before, after]) {
      await page.goto(web.url)
      await page.getByText('Drop profiles here').waitFor()
      await dropFiles(page, files)
      await page.waitForURL(/\/captures\//)
      await page.locator('article[data-rule]').first().waitFor()
    }
    const finding = page.locator('article[data-rule="apiserver.list-from-etcd"]')
    await finding.getByText('What to do').waitFor()
    await finding.getByRole('button', { name: 'Show in flame graph' }).press('Enter')
    await page.waitForURL(/\/profiles\/.*finding=apiserver\.list-from-etcd/)
    await waitForLabel(page, 'etcd3.(*store).GetList')
    const chart = page.locator('[data-flame]')
    await expect.poll(() => hasFocus(chart), { message: 'a link leads to it, too' }).toBe(true)

    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('h')
    await page.waitForURL(/[?&]h=/)
    await page.getByRole('button', { name: /^Change the filter hide/ }).waitFor()
    await page.getByRole('link', { name: /^Compare with the one before/ }).click()
    await page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()

    const url = await createLink(page)
    const colleague = await web.openPage()
    await colleague.page.goto(url)
    await colleague.page.getByText('Shared view, read-only').waitFor()
    await colleague.page.getByText(/(grew|shrank) from .* cores to .* cores/).waitFor()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('revoked').waitFor()
    expect([...complaints, ...colleague.complaints]).toEqual([])
    const answer = await fetch(url.replace('/s/', '/api/v1/shared/'))
    expect(answer.status).toBe(410)
    await colleague.page.reload()
    await colleague.page.getByText('This link no longer works').waitFor()
  })

  test('a dropped folder becomes a capture of the files below it', async () => {
    const directory = await temporaryDirectory()
    const files = await captureFiles('apiserver-list-no-rv', '2026-11-20T10:00:00Z')
    const folder = join(directory, 'prod')
    await mkdir(join(folder, 'profiles'), { recursive: true })
    for (const file of files) {
      const below = file.endsWith('.pb.gz') ? 'profiles' : ''
      await copyFile(file, join(folder, below, basename(file)))
    }
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await page.getByText('Drop profiles here').waitFor()
    await dropFolder(page, folder)
    await page.waitForURL(/\/captures\//)
    await page.locator('article[data-rule="apiserver.list-from-etcd"]').waitFor()
    expect(complaints).toEqual([])
  })

  test('an example is opened by a click, and the top table follows the search', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await page.getByRole('button', { name: /A healthy API server/ }).click()
    await page.waitForURL(/\/profiles\//)
    await page.locator('[data-flame]').waitFor()

    await page.keyboard.press('2')
    await page.keyboard.press('/')
    await page.keyboard.type('mallocgc')
    await page.getByText(/% of total/).waitFor()
    await page.getByRole('row', { name: 'mallocgc' }).first().waitFor()
    const others = page.getByRole('row').filter({ hasNotText: /mallocgc/ })
    await expect.poll(() => others.count(), { message: 'only the heading' }).toBe(1)
    expect(complaints).toEqual([])
  })

  test('a finding leads to the page of its rule, which is among all rules and in both languages', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await dropFiles(page, [examplePath('apiserver-list-no-rv/cpu.pb.gz')])
    const finding = page.locator('article[data-rule="apiserver.list-from-etcd"]')
    await finding.getByRole('button', { name: /evidence/ }).click()
    await finding.getByRole('link', { name: 'apiserver.list-from-etcd' }).click()
    await page.waitForURL(/\/rules\/apiserver\.list-from-etcd$/)
    await page.getByRole('heading', { name: 'Objects are listed from etcd' }).waitFor()
    await page.getByText('etcd.lo >= 0.35 and etcd.cores >= 1').first().waitFor()
    await page.getByText('N and … stand for what a profile shows.').waitFor()

    await page.getByRole('button', { name: '切换到中文' }).click()
    await page.getByRole('heading', { name: '如何处理' }).waitFor()
    await page.getByRole('link', { name: '所有规则' }).click()
    await page.getByLabel('筛选规则').fill('碎片整理')
    const defrag = page.getByRole('link', { name: /etcd\.defrag/ })
    await defrag.waitFor()
    await expect.poll(() => page.locator('main li a').count()).toBe(1)
    await defrag.click()
    await page.waitForURL(/\/rules\/etcd\.defrag$/)
    await page.goBack()
    await expect.poll(() => page.getByLabel('筛选规则').inputValue()).toBe('碎片整理')
    expect(complaints).toEqual([])
  })

  test('an invalid regular expression is reported and changes nothing', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(web.url)
    await page.getByRole('button', { name: /A healthy API server/ }).click()
    await page.locator('[data-flame]').waitFor()
    const frames = await drawnFrames(page)
    await page.getByRole('button', { name: 'Regular expression (RE2)' }).click()
    await page.getByPlaceholder('Find functions').fill('a.b(c')
    await page.getByText('Not a regular expression').waitFor()
    await expect.poll(() => drawnFrames(page)).toBe(frames)
    expect(complaints).toEqual([])
  })

  test('frames are walked by arrows and zoomed by Enter', async () => {
    const { page } = await web.openPage()
    await page.goto(web.url)
    await page.getByRole('button', { name: /A healthy API server/ }).click()
    await page.locator('[data-flame]').focus()
    await page.keyboard.press('ArrowDown')
    const current = page.locator('[data-flame] [role=treeitem]')
    await expect.poll(() => current.getAttribute('aria-level')).toBe('2')
    const below = await current.getAttribute('aria-label')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]p=/)
    await page.locator('nav[aria-label="Zoomed to"] button').nth(1).waitFor()
    await expect.poll(() => current.getAttribute('aria-label')).toBe(below)
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('p'))
  })

  test('a file that is dropped while the first page still loads is taken', async () => {
    const { page, complaints } = await web.openPage()
    const pageCode = /\/assets\/StartPage-[^/]+\.js$/
    const hold = Promise.withResolvers<void>()
    await page.route(pageCode, async (route) => {
      await hold.promise
      await route.continue()
    })
    const asked = page.waitForRequest(pageCode)
    await page.goto(web.url, { waitUntil: 'commit' })
    await asked
    await dropFiles(page, [examplePath('apiserver-list-no-rv/cpu.pb.gz')])
    expect(await countNow(page.locator('main')), 'nothing is drawn yet').toBe(0)
    hold.resolve()
    await page.locator('article[data-rule="apiserver.list-from-etcd"]').waitFor()
    expect(complaints).toEqual([])
  })

  test('what is plainly no profile is refused at the door, with a reason', async () => {
    const { page } = await web.openPage()
    const file = join(await temporaryDirectory(), 'cpu.pb.gz')
    await writeFile(file, '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>')
    await page.goto(web.url)
    await dropFiles(page, [file])
    const refusal = page.getByText('cpu.pb.gz was refused')
    const item = page.getByRole('listitem').filter({ has: refusal })
    await expect.poll(() => item.innerText()).toContain('HTML')
  })

  test('a file that is not a profile has a page with the reason and what to do', async () => {
    const { page } = await web.openPage()
    const file = join(await temporaryDirectory(), 'half.pb.gz')
    await writeFile(file, gzipSync('profile').subarray(0, 20))
    await page.goto(web.url)
    await dropFiles(page, [file])
    const notice = page.getByRole('alert')
    await expect
      .poll(() => notice.innerText())
      .toContain('This file could not be read as a profile')
    await expect.poll(() => notice.innerText()).toContain('What to do')
  })

  test.each(['light', 'dark'] as const)(
    'nothing is wider than a phone, %s',
    async (colorScheme) => {
      const { page, complaints } = await web.openPage({
        viewport: { width: 390, height: 844 },
        colorScheme,
      })
      await page.goto(web.url)
      await page.getByText('Try a real capture').waitFor()
      await expect.poll(() => overflowPx(page)).toBe(0)
      await page.getByRole('button', { name: /LISTs that bypass/ }).click()
      await page.locator('[data-flame]').waitFor()
      for (const key of ['1', '2', '3', '4']) {
        await page.keyboard.press(key)
        await expect.poll(() => overflowPx(page), { message: `view ${key}` }).toBe(0)
      }
      expect(complaints).toEqual([])
    },
  )

  test('an unknown address has a page that shows this', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/profiles/01ARZ3NDEKTSV4RRFFQ69G5FAV`)
    await page.getByText('There is no such profile').waitFor()
    await page.goto(`${web.url}/s/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`)
    const answer = page.getByText('There is no such link')
    await expect.poll(() => answer.isVisible()).toBe(true)
  })
})

async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1
}

/** The files of a folder that `kubeprof capture` wrote: profiles of one process, and what they are of. */
async function captureFiles(example: string, startedAt: string): Promise<readonly string[]> {
  const directory = await temporaryDirectory()
  const description = join(directory, 'capture.json')
  const target = { target: 'prod', component: 'kube-apiserver', startedAt }
  await writeFile(description, JSON.stringify(target))
  const metrics = join(directory, 'metrics.txt')
  await writeFile(metrics, 'process_start_time_seconds 1.7637e+09\n')
  const profiles = ['cpu.pb.gz', 'goroutine.pb.gz'].map((name) => examplePath(`${example}/${name}`))
  return [description, metrics, ...profiles]
}

/** Creates a link to what the page shows; the dialog stays open. */
async function createLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Create link' }).click()
  const link = page.locator('[data-link-url]')
  await expect.poll(() => link.inputValue()).toMatch(/\/s\/[\w-]{32,}$/)
  // No other site may: the dialog says what would allow it.
  await page.getByText('server.embedOrigins').waitFor()
  return await link.inputValue()
}
