import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Waits until nothing is a placeholder any more, and nothing moves or fades in. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await expect.poll(() => page.locator('.mantine-Skeleton-root').count()).toBe(0)
  await expect.poll(() => page.evaluate<number>(MOVING)).toBe(0)
}

const MOVING = `document.getAnimations().filter(
  ({ effect, playState }) => playState === 'running' && effect.getComputedTiming().endTime !== Infinity).length`

let axe: Promise<string> | null = null

/** What axe finds on the page as it is now. */
export async function violations(page: Page): Promise<readonly string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(await axe)
  const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS } })
  return page.evaluate<string[]>(
    `axe.run(document, ${options}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  )
}
