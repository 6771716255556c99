import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { englishIn } from '../web/texts/messages/words.ts'
import { dropFolder, type OpenedWeb, openWeb, uploadExample } from './open-web.ts'

const FOLDER = fileURLToPath(
  new URL('../fixtures/first-sight-16/api135-disks-read-at-the-next-version', import.meta.url),
)

/** Texts that people see, and those that are read to them; not code, and not names of functions. */
const SHOWN = `(() => {
  const isCode = (element) => element.closest('pre, code, .mono, svg, [data-flame], [lang=en]') !== null
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (element === null || isCode(element) || /^(?:SCRIPT|STYLE)$/.test(element.tagName)) continue
    if (element.checkVisibility()) texts.push(node.data)
  }
  for (const element of document.querySelectorAll('[title], [aria-label], [placeholder]')) {
    if (isCode(element)) continue
    for (const name of ['title', 'aria-label', 'placeholder']) texts.push(element.getAttribute(name) ?? '')
  }
  return texts
})()`

describe.skipIf(lacks('chromium'))('the Chinese page', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kubeprof-chinese-'))
  let web: OpenedWeb
  let id = ''
  beforeAll(async () => {
    const targetsFile = join(directory, 'targets.yaml')
    writeFileSync(targetsFile, 'network:\n  allow: [127.0.0.0/8]\n')
    web = await openWeb({ settings: { 'collect.targetsFile': targetsFile }, collects: true })
    id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
  })
  afterAll(async () => {
    await web.close()
    rmSync(directory, { recursive: true })
  })

  test('has no English sentences', async () => {
    const { page } = await web.openPage({ locale: 'zh-CN' })
    const left: string[] = []
    const read = async (name: string) => {
      await settled(page)
      for (const text of await page.evaluate<readonly string[]>(SHOWN)) {
        const english = englishIn(text)
        if (english !== null) left.push(`${name}: ${text.trim()}`)
      }
    }
    await page.goto(web.url)
    await dropFolder(page, FOLDER)
    await page.waitForURL(/\/captures\//)
    await page.getByText('怎么处理').first().waitFor()
    await read('capture')
    const capture = new URL(page.url()).pathname
    await fetch(`${web.url}/api/v1/targets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'nobody', url: 'http://127.0.0.1:9' }),
    })
    const paths = [
      '/',
      capture,
      `/profiles/${id}`,
      `/profiles/${id}?view=top`,
      `/profiles/${id}?view=graph`,
      `/profiles/${id}?view=tags`,
      `/profiles/${id}?f=(`,
      `/profiles/${id}?q=(&re=1`,
      `/compare?a=${id}&b=${id}`,
      '/compare?a=none&b=none',
      '/captures',
      '/captures/none',
      '/targets',
      '/targets/none',
      '/findings',
      '/findings/none',
      '/profiles',
      '/profiles/none',
      '/ranges',
      '/ranges?q=%7Bx',
      '/local',
      '/rules',
      '/rules/none',
      '/rules/apiserver.list-from-etcd',
      '/settings',
      '/s/none',
      '/none',
    ]
    for (const path of paths) {
      await page.goto(web.url + path)
      await read(path)
      for (const summary of await page.locator('summary:visible').all()) await summary.click()
      await read(`${path} opened`)
    }
    await page.goto(`${web.url}/targets`)
    await page.getByRole('region', { name: 'nobody' }).waitFor()
    await page.getByRole('button', { name: '更多' }).first().click()
    await page.getByRole('menuitem', { name: '测试' }).click()
    await page.getByRole('dialog').getByText('拒绝连接').first().waitFor()
    await read('test of a target')
    await page.goto(`${web.url}/profiles/${id}`)
    await page.getByRole('button', { name: '分享', exact: true }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: '创建链接' }).click()
    await read('share')
    await dropText(page, 'no profile')
    await page.getByText('这些内容是文本').waitFor()
    await read('upload')
    expect([...new Set(left)]).toEqual([])
  })
})

/** Drops a file that is no profile. */
async function dropText(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const transfer = new DataTransfer()
    transfer.items.add(new File([${JSON.stringify(text)}], 'notes.txt'))
    const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
    document.body.dispatchEvent(event)
  }`)
}

/** Until nothing is loaded any more. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('main, [role=main], body').first().waitFor()
}
