import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
/** Longer than the half second that opens a menu. */
const LONG_MS = 700
const ROW_PX = 24

describe.skipIf(lacks('chromium'))('by touch', () => {
  let web: OpenedWeb
  let address: string
  beforeAll(async () => {
    web = await openWeb()
    address = `${web.url}/profiles/${await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')}`
  })
  afterAll(() => web.close())

  /** The page goes to the picture by itself, once. */
  async function openPicture(page: Page): Promise<Locator> {
    await page.goto(`${address}?view=flame`)
    const picture = page.locator('[data-flame][data-frames]')
    await picture.waitFor()
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(100)
    return picture
  }

  test('a frame that is held opens its menu, and is neither zoomed into nor selected', async () => {
    const { page } = await web.openPage(PHONE)
    const picture = await openPicture(page)
    await hold(page, await pointIn(picture, { xPx: 40, yPx: 2.5 * ROW_PX }))
    await onlyMenuIsOpen(page)
    expect(new URL(page.url()).search).toBe('?view=flame')
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  })

  test('a tap selects a frame, and a second one zooms into it', async () => {
    const { page } = await web.openPage(PHONE)
    const picture = await openPicture(page)
    const point = await pointIn(picture, { xPx: 40, yPx: 2.5 * ROW_PX })
    await page.touchscreen.tap(point.x, point.y)
    await page.waitForURL(({ searchParams }) => searchParams.has('sel'))
    expect(new URL(page.url()).searchParams.has('p')).toBe(false)
    await page.touchscreen.tap(point.x, point.y)
    await page.waitForURL(({ searchParams }) => searchParams.has('p'))
    await expect.poll(() => page.evaluate<number>('visualViewport.scale')).toBe(1)
  })

  test('a row that is held opens its menu', async () => {
    const { page } = await web.openPage(PHONE)
    await page.goto(`${address}?view=top`)
    const row = page.getByRole('row').nth(4)
    await row.waitFor()
    await hold(page, await pointIn(row, { xPx: 120, yPx: 12 }))
    await onlyMenuIsOpen(page)
    expect(new URL(page.url()).search).toBe('?view=top')
  })

  test('a finger that moves scrolls, and opens no menu', async () => {
    const { page } = await web.openPage(PHONE)
    const picture = await openPicture(page)
    const before = await page.evaluate<number>('scrollY')
    const { x, y } = await pointIn(picture, { xPx: 40, yPx: 8.5 * ROW_PX })
    const touch = await touchOn(page)
    await touch('touchStart', { x, y })
    for (const movedPx of [20, 40, 60, 80]) await touch('touchMove', { x, y: y - movedPx })
    await passes(page, LONG_MS)
    await touch('touchEnd')
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(before)
    await expect.poll(() => page.getByRole('menu').count()).toBe(0)
    expect(new URL(page.url()).search).toBe('?view=flame')
  })
})

/** The menu is open, as a whole in sight, after the finger was lifted, and nothing else happened. */
async function onlyMenuIsOpen(page: Page): Promise<void> {
  const menu = page.getByRole('menu')
  await menu.getByRole('menuitem', { name: 'Focus' }).waitFor()
  await menu.getByRole('menuitem', { name: 'Copy as go tool pprof' }).waitFor()
  await expect
    .poll(async () => {
      const box = await menu.boundingBox()
      return box !== null && box.x >= 0 && box.y >= 0 && box.y + box.height <= 844
    })
    .toBe(true)
  await expect.poll(() => page.evaluate<string>('getSelection().toString()')).toBe('')
  await expect.poll(() => page.evaluate<number>('visualViewport.scale')).toBe(1)
}

interface Point {
  readonly x: number
  readonly y: number
}

async function pointIn(
  element: Locator,
  { xPx, yPx }: { readonly xPx: number; readonly yPx: number },
): Promise<Point> {
  const box = await element.boundingBox()
  if (box === null) throw new Error('it is not in sight')
  return { x: box.x + xPx, y: box.y + yPx }
}

async function hold(page: Page, point: Point): Promise<void> {
  const touch = await touchOn(page)
  await touch('touchStart', point)
  await passes(page, LONG_MS)
  await touch('touchEnd')
}

/** Time on the clock of the page. */
function passes(page: Page, ms: number): Promise<unknown> {
  return page.evaluate(`new Promise((done) => setTimeout(done, ${ms}))`)
}

/** One finger, as the browser gets it from a screen. */
async function touchOn(page: Page) {
  const session = await page.context().newCDPSession(page)
  return (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: Point) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: point === undefined ? [] : [point],
    })
}
