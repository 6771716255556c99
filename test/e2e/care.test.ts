import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isThorough } from '../extent.ts'
import { lacks } from '../requirements.ts'
import { type OpenedWeb, openWeb, overflowPx, uploadExample } from './open-web.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const VIEWS = ['flame', 'top', 'peek', 'sandwich', 'graph', 'tree', 'packages', 'tags', 'raw']

const SCREENS = [
  ['light', 1400],
  ['dark', 390],
  ['dark', 1400],
  ['light', 390],
] as const
/** A plain run looks at each page on one of the first two. */
const LOOKED_AT = (isThorough ? SCREENS : SCREENS.slice(0, 2)).map(
  ([colorScheme, width], turn) => [colorScheme, width, turn] as const,
)
/** All views are of one page, so that a plain run looks at three of them. */
const LOOKED_AT_VIEWS = isThorough ? VIEWS : VIEWS.filter((_, index) => index % 3 === 0)

describe.skipIf(lacks('chromium'))('every page', () => {
  let web: OpenedWeb
  let paths: readonly string[]
  beforeAll(async () => {
    web = await openWeb()
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const other = await uploadExample(web.url, 'apiserver-healthy-mixed/cpu.pb.gz')
    paths = [
      '/',
      '/captures',
      '/targets',
      '/rules',
      '/rules/apiserver.list-from-etcd',
      '/nothing-here',
      '/local',
      `/profiles/${id}`,
      `/compare?a=${other}&b=${id}`,
      ...LOOKED_AT_VIEWS.map((view) => `/profiles/${id}?view=${view}&sel=runtime.mallocgc`),
    ]
  }, 240_000)
  afterAll(() => web.close())

  test.each(LOOKED_AT)(
    'has no violation that axe finds, and a title of its own, %s at %i px',
    async (...on) => {
      const [colorScheme, width, turn] = on
      const lookedAt = paths.filter((_, index) => isThorough || index % 2 === turn)
      const { page } = await web.openPage({ colorScheme, viewport: { width, height: 844 } })
      const titles = new Set<string>()
      const found: { path: string; violations: readonly string[]; overflowPx: number }[] = []
      for (const path of lookedAt) {
        await page.goto(web.url + path)
        await settle(page)
        found.push({ path, violations: await violations(page), overflowPx: await overflowPx(page) })
        if (!path.includes('?')) titles.add(await page.title())
      }
      const none = lookedAt.map((path) => ({ path, violations: [], overflowPx: 0 }))
      expect(found).toEqual(none)
      expect(titles.size).toBe(lookedAt.filter((path) => !path.includes('?')).length)
    },
    240_000,
  )
})

/** Waits until nothing is a placeholder any more. */
async function settle(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await expect
    .poll(() => page.locator('.mantine-Skeleton-root').count(), { timeout: 30_000 })
    .toBe(0)
}

let axe: Promise<string> | null = null

async function violations(page: Page): Promise<readonly string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(await axe)
  const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS } })
  return page.evaluate<string[]>(
    `axe.run(document, ${options}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  )
}
