import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { UploadCaptureReply } from '../../api/index.ts'
import { packFolder } from '../../cli/push/send-bundle.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { examplePath, type OpenedWeb, openWeb, overflowPx } from './open-web.ts'

const TRACE = new URL('../fixtures/traces/go126-mixed.out.gz', import.meta.url)

describe.skipIf(lacks('chromium'))('the execution trace of a capture', () => {
  let web: OpenedWeb
  beforeAll(async () => {
    web = await openWeb()
  })
  afterAll(() => web.close())

  test('is summed up when asked for, and fits a phone', async () => {
    const folder = await temporaryDirectory()
    copyFileSync(examplePath('apiserver-list-no-rv/cpu.pb.gz'), join(folder, 'cpu.pb.gz'))
    writeFileSync(join(folder, 'trace.out'), gunzipSync(readFileSync(TRACE)))
    const response = await fetch(`${web.url}/api/v1/captures`, {
      method: 'POST',
      body: await packFolder(folder),
      headers: { 'content-type': 'application/gzip' },
    })
    const reply: UploadCaptureReply = JSON.parse(await response.text())
    const { page, complaints } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${web.url}${new URL(reply.links.web, web.url).pathname}`)
    await page.getByRole('button', { name: 'Summarise' }).click()
    await page.getByText('17 goroutines, Go 1.26').waitFor()
    await page.getByRole('rowheader', { name: 'In system calls' }).waitFor()
    await page.getByText('8 garbage collections took').waitFor()
    await page.getByText('Longest system calls').click()
    await page.getByText('syscall.read', { exact: true }).first().waitFor()
    await expect.poll(() => overflowPx(page)).toBe(0)
    // Alone it is summed up in the browser, under the name of its file.
    await page.goto(`${web.url}/local`)
    await page.locator('[data-ready=true]').waitFor()
    const buffer = gunzipSync(readFileSync(TRACE))
    const file = { name: 'api.trace', mimeType: 'application/octet-stream', buffer }
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByText('api.trace', { exact: true }).waitFor()
    await page.getByText('17 goroutines, Go 1.26').waitFor()
    expect(complaints).toEqual([])
  })
})
