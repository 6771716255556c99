import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { zipOf } from '../gzip/zip-of.ts'
import { lacks } from '../requirements.ts'
import {
  countNow,
  drawnFrames,
  examplePath,
  type OpenedWeb,
  openWeb,
  topPx,
  uploadExample,
  waitForLabel,
} from './open-web.ts'

const TRACE = new URL('../fixtures/traces/go126-mixed.out.gz', import.meta.url)

describe.skipIf(lacks('chromium'))('the explorer of a profile', () => {
  let web: OpenedWeb
  let url: string
  beforeAll(async () => {
    web = await openWeb()
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    url = `${web.url}/profiles/${id}`
  })
  afterAll(() => web.close())

  test('a frame is focused from its menu, and another hidden by a key; the filters add up', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(`${url}?view=flame&finding=apiserver.list-from-etcd`)
    await waitForLabel(page, 'etcd3.(*store).GetList')
    await page.locator('[data-flame]').focus()
    await page.keyboard.press('m')
    await page.getByRole('menuitem', { name: /^Focus/ }).click()
    await page.getByText(/left by the filters/).waitFor()
    await page.locator('[data-flame]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('h')
    await page.waitForURL(
      ({ searchParams }) =>
        searchParams.has('h') && searchParams.get('f')?.includes('GetList') === true,
    )
    await expect
      .poll(() => page.getByRole('button', { name: /^Change the filter/ }).count())
      .toBe(2)
    expect(complaints).toEqual([])
  })

  test('the call graph is walked by keys, acts on a function, and says what it leaves out', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(`${url}?view=graph&n=20`)
    await page.getByText('20 of 839 functions').waitFor()
    await page.locator('[data-graph] [role=button][tabindex="0"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]sel=/)
    const selected = new URL(page.url()).searchParams.get('sel') ?? ''
    const box = page.locator('[data-graph] [aria-pressed=true]')
    await expect.poll(() => box.locator('title').textContent()).toContain(`${selected}, flat`)
    await page.keyboard.press('m')
    await page.getByRole('menuitem', { name: /^Focus/ }).click()
    await page.waitForURL(/[?&]f=/)
    await page.getByText(/left by the filters/).waitFor()
    await page.getByRole('button', { name: 'As table' }).click()
    await page.getByRole('grid', { name: 'Calls of the call graph' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('a local page reads, judges and shows a file while the browser can reach nothing', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/local`)
    await page.getByText('Everything is loaded').waitFor()
    const requested: string[] = []
    page.on('request', (request) => requested.push(new URL(request.url()).pathname))
    await page.context().setOffline(true)
    await page
      .locator('input[type=file]')
      .setInputFiles(examplePath('apiserver-list-no-rv/cpu.pb.gz'))
    await page.getByText('Objects are listed from etcd').first().waitFor()
    await page.locator('[data-flame]').waitFor()
    for (const [key, shown] of LOCAL_VIEWS) {
      await page.keyboard.press(key)
      await page.locator(shown).first().waitFor()
    }
    await page.keyboard.press('/')
    await page.keyboard.type('GetList')
    await page.getByText(/^– of /).waitFor()
    for (const files of await capturesInEachForm()) {
      await page.getByRole('link', { name: 'Other files' }).click()
      await page.locator('input[type=file]').setInputFiles([...files])
      await page.getByRole('heading', { name: 'kube-controller-manager' }).waitFor()
      await page
        .getByText('endpoint workers wait for the client-side rate limiter')
        .first()
        .waitFor()
      await page.getByRole('link', { name: /^Goroutine/ }).waitFor()
    }
    await page.getByRole('button', { name: 'Show in flame graph' }).first().click()
    await page.locator('[data-flame]').waitFor()
    await page.getByRole('link', { name: 'Whole capture' }).click()
    await page.getByText('Metrics', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Summarise' }).click()
    await page.getByText('17 goroutines, Go 1.26').waitFor()
    await page.getByRole('link', { name: 'Other files' }).click()
    const boxes = page.getByRole('checkbox', { name: /kube-controller-manager/ })
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await page.getByRole('link', { name: 'Compare', exact: true }).click()
    await page.getByText('in both', { exact: true }).first().waitFor()
    await page.locator('[data-side=both] [data-flame]').waitFor()
    // Scripts of workers come from the browser's cache; nothing of the API is asked for, or it would fail.
    expect(requested.filter((path) => !/^\/(assets\/|favicon)/.test(path))).toEqual([])
  })

  test('the view that an address names is what the page opens with', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=top`)
    await expect.poll(() => topPx(page.getByRole('grid'))).toBeLessThan(300)
    await page.getByText('Objects are listed from etcd').first().waitFor()
    expect(await countNow(page.getByText('What to do')), 'findings are one line each').toBe(0)
    await page.goto(`${url}?view=flame&f=(`)
    await page.getByText('The profile is shown without filters.').waitFor()
    await expect.poll(() => drawnFrames(page)).toBeGreaterThan(50)
  })

  test('the first picture has its names, which follow its boxes', async () => {
    const { page } = await web.openPage()
    await page.addInitScript(`{
      globalThis.written = []
      const { fillText } = CanvasRenderingContext2D.prototype
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        written.push(text)
        return fillText.call(this, text, ...place)
      }
    }`)
    await page.goto(`${url}?view=flame`)
    await expect.poll(() => page.evaluate<string>('written.join()')).toContain('GetList')
  })

  test('the tabs of the views are chosen by keys, and the chosen one is in sight on a phone', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${url}?view=raw`)
    const chosen = page.getByRole('radio', { name: 'Text' })
    await expect.poll(() => chosen.isChecked()).toBe(true)
    await expect
      .poll(async () => (await page.getByText('Text', { exact: true }).boundingBox())?.x ?? 999)
      .toBeLessThan(360)
    await chosen.press('ArrowLeft')
    await page.waitForURL(/view=tags/)
    await expect.poll(() => page.getByRole('radio', { name: 'Tags' }).isChecked()).toBe(true)
  })

  test('the keys of the page work after a click on a tab, and arrows on tabs leave no steps of the history', async () => {
    const { page } = await web.openPage({ forcedColors: 'active' })
    await page.goto(`${url}?view=flame`)
    const top = page.getByText('Top', { exact: true })
    await top.click()
    await page.waitForURL(/view=top/)
    const stepCount = await page.evaluate<number>('history.length')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.waitForURL(/view=(?!top)/)
    await expect.poll(() => page.evaluate<number>('history.length')).toBe(stepCount)
    await top.click()
    await page.waitForURL(/view=top/)
    await page.keyboard.press('/')
    await expect
      .poll(() => page.evaluate('document.activeElement.matches("input:not([type=radio])")'))
      .toBe(true)
    await top.click()
    const box = await top.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(24)
    const colours = await page.evaluate<string[]>(
      '[...document.querySelectorAll("[role=radiogroup] label")].map((tab) => getComputedStyle(tab).color)',
    )
    expect(new Set(colours).size).toBe(2)
    await page.keyboard.press('1')
    await page.waitForURL((address) => !address.search.includes('view=top'))
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
  })

  test('the picture has its colours where those of the page are forced', async () => {
    const { page } = await web.openPage({ forcedColors: 'active' })
    await page.goto(`${url}?view=flame`)
    await expect.poll(() => drawnFrames(page)).toBeGreaterThan(100)
    await expect.poll(() => page.evaluate<number>(COLOURS_DRAWN)).toBeGreaterThan(4)
    const colours = await page.evaluate<string[]>(LEGEND_COLOURS)
    expect(new Set(colours).size).toBeGreaterThan(2)
  })

  test('a long filter chain is left out, and a click shows it', async () => {
    const { page } = await web.openPage()
    await page.goto(url)
    await page.getByText('Filter chain hidden').waitFor()
    await page.locator('[data-flame]').waitFor()
    const before = await drawnFrames(page)
    await page.getByRole('button', { name: 'Show the filter chain' }).click()
    await expect.poll(() => drawnFrames(page)).toBeGreaterThan(before)
    await page.waitForURL(/[?&]chain=shown/)
  })

  test('Enter in the search steps to a match of all that was typed, and a late report takes no keys from it', async () => {
    const { page } = await web.openPage()
    const typed = Promise.withResolvers<void>()
    await page.route('**/report?*', (route) => typed.promise.then(() => route.continue()))
    await page.goto(`${url}?view=flame`)
    await page.locator('[data-flame]').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('Get')
    typed.resolve()
    await page.getByText('Objects are listed from etcd').first().waitFor()
    await page.keyboard.type('List')
    await page.getByText(/^– of /).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText(/^1 of /).waitFor()
    await waitForLabel(page, 'GetList')
    await expect.poll(() => isInWindow(page)).toBe(true)
  })

  test('a zoom to a match too narrow to be drawn can be left while the search stands', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${url}?view=flame`)
    await page.locator('[data-flame]').waitFor()
    await page.getByPlaceholder('Find functions').fill('runtime')
    await page.getByText(/^– of /).waitFor()
    await page.keyboard.press('Shift+Enter')
    await page.waitForURL(/[?&]p=/)
    // A picture of few frames has the other renderer.
    await page.locator('[data-flame="elements"]').waitFor()
    await page.goBack()
    await page.waitForURL((address) => !address.searchParams.has('p'))
    await page.locator('[data-flame="canvas"]').waitFor()
    // A chart that is opened anew steps to no match again.
    await delay(500)
    expect(new URL(page.url()).searchParams.has('p')).toBe(false)
  })

  test('a step to a match leaves the keyboard in the search', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=flame&f=Commit`)
    await page.locator('[data-flame="elements"]').waitFor()
    const field = page.getByPlaceholder('Find functions')
    await field.fill('o')
    await page.getByText(/^– of /).waitFor()
    await field.press('Enter')
    await page.getByText(/^1 of /).waitFor()
    await page.keyboard.type('x')
    await expect.poll(() => field.inputValue()).toBe('ox')
  })

  test('the keyboard is in the search again after it was cleared', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=flame`)
    const field = page.getByPlaceholder('Find functions')
    await field.fill('GetList')
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await page.keyboard.type('Commit')
    await expect.poll(() => field.inputValue()).toBe('Commit')
  })

  test('on a phone the path names where one is, and leads to each call above', async () => {
    const { page } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${url}?view=flame`)
    await page.locator('[data-flame]').focus()
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]p=/)
    const path = page.getByRole('navigation', { name: 'Zoomed to' })
    await path.getByRole('button', { name: '5 more callers' }).click()
    await expect.poll(() => page.getByRole('menuitem').count()).toBe(5)
    const name = path.locator('button:disabled')
    await expect.poll(async () => (await name.textContent())?.length ?? 0).toBeGreaterThan(8)
    const isWhole = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(
      document.querySelector('nav button:disabled'))`
    await expect.poll(() => page.evaluate<boolean>(isWhole)).toBe(true)
    await page.getByRole('menuitem').first().click()
    await expect.poll(() => page.getByRole('menuitem').count()).toBe(0)
    await path.getByRole('button', { name: 'more callers' }).waitFor({ state: 'detached' })
  })

  test('a search begins with nothing of an earlier one that was cleared', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=flame`)
    const field = page.getByPlaceholder('Find functions')
    const result = page.locator('#search-result')
    await field.fill('GetList')
    await page.getByText(/^– of /).waitFor()
    const earlier = await result.textContent()
    await field.fill('')
    await expect.poll(() => result.textContent()).toBe('')
    await page.evaluate(`{
      const result = document.querySelector('#search-result')
      globalThis.shown = []
      new MutationObserver(() => shown.push(result.textContent)).observe(result, {
        subtree: true, childList: true, characterData: true,
      })
    }`)
    await field.fill('mallocgc')
    await expect.poll(() => page.evaluate<number>('shown.length')).toBeGreaterThan(0)
    await page.getByText(/^– of /).waitFor()
    const shown = await page.evaluate<readonly string[]>('shown')
    expect(shown).not.toContain(earlier)
  })

  test('the back button undoes two zooms one by one, however fast they were', async () => {
    const { page } = await web.openPage()
    await page.goto(`${url}?view=flame`)
    await page.locator('[data-flame]').focus()
    const stepCount = await page.evaluate<number>('history.length')
    await page.evaluate(`for (const key of ['ArrowDown', 'Enter', 'ArrowDown', 'Enter']) {
      const flame = document.querySelector('[data-flame]')
      flame.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }`)
    await expect.poll(() => page.evaluate<number>('history.length')).toBe(stepCount + 2)
    const steps = page.locator('nav[aria-label="Zoomed to"] button')
    await expect.poll(() => steps.count()).toBe(3)
    await page.goBack()
    await expect.poll(() => steps.count()).toBe(2)
    await page.waitForURL(/[?&]p=/)
    await page.goBack()
    await expect.poll(() => steps.count()).toBe(1)
    await page.waitForURL((address) => !address.searchParams.has('p'))
  })

  test('a filter that is not a regular expression says so and keeps the picture', async () => {
    const { page, complaints } = await web.openPage()
    await page.goto(`${url}?view=flame`)
    await page.locator('[data-flame]').waitFor()
    const before = await drawnFrames(page)
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByPlaceholder('regular expression').fill('a(b')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The last valid filters are shown').waitFor()
    await expect.poll(() => drawnFrames(page)).toBe(before)
    expect(complaints).toEqual([])
  })
})

/** Keys of views whose code is loaded on demand, and what they show. */
const LOCAL_VIEWS = [
  ['2', '[role=grid]'],
  ['5', '[data-graph]'],
  ['6', '[role=treegrid]'],
  ['9', 'text=Showing nodes'],
] as const

interface ChosenFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** The files of one process as a folder has them, as a bundle, and as an archive. */
async function capturesInEachForm(): Promise<readonly (readonly ChosenFile[])[]> {
  const files = [
    ...(await Promise.all(
      ['cpu.pb.gz', 'goroutine.pb.gz'].map(async (name) => {
        const buffer = await readFile(examplePath(`kcm-endpoints-throttled/${name}`))
        return { name, mimeType: '', buffer }
      }),
    )),
    { name: 'metrics.txt', mimeType: '', buffer: Buffer.from('go_goroutines 17\n') },
    { name: 'trace.out', mimeType: '', buffer: gunzipSync(await readFile(TRACE)) },
  ]
  const tar = await packTar(
    files.map(({ name, buffer }) => ({
      header: { name: `capture/${name}`, size: buffer.length },
      body: new Uint8Array(buffer),
    })),
  )
  const zip = zipOf(Object.fromEntries(files.map(({ name, buffer }) => [name, buffer])))
  return [
    files,
    [{ name: 'capture.tar.zst', mimeType: '', buffer: zstdCompressSync(tar) }],
    [{ name: 'capture.zip', mimeType: '', buffer: zip }],
  ]
}

function isInWindow(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    `(() => {
      const { top, bottom } = document.querySelector('[data-flame] [role=treeitem]').getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    })()`,
  )
}

/** How many colours the flame graph is drawn with, by one dot of a few. */
const LEGEND_COLOURS = `[...document.querySelectorAll('ul[aria-label^=Subsystems] span[aria-hidden]')].map(
  (each) => getComputedStyle(each).backgroundColor)`
const COLOURS_DRAWN = `(() => {
  const canvas = document.querySelector('canvas[data-flame], [data-flame] canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, Math.min(canvas.height, 300))
  return new Set(new Uint32Array(data.buffer).filter((_, at) => at % 7 === 0)).size
})()`
