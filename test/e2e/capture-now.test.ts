import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { examplePath, type OpenedWeb, openWeb, overflowPx, waitForLabel } from './open-web.ts'

describe.skipIf(lacks('chromium'))('targets in a browser', () => {
  let web: OpenedWeb
  let process: HeldProcess
  let url: string
  const directory = mkdtempSync(join(tmpdir(), 'kubeprof-targets-'))
  beforeAll(async () => {
    process = await startProcess()
    const address = process.server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    url = `http://127.0.0.1:${address.port}`
    const targetsFile = join(directory, 'targets.yaml')
    writeFileSync(targetsFile, 'network:\n  allow: [127.0.0.0/8]\n')
    web = await openWeb({ settings: { 'collect.targetsFile': targetsFile }, collects: true })
  })
  afterAll(async () => {
    await web.close()
    process.server.close()
    rmSync(directory, { recursive: true })
  })

  test('a target is added, tested and captured, and its faults are shown', async () => {
    const { page, complaints } = await web.openPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${web.url}/targets`)
    await page.getByText('No targets yet').waitFor()
    await page.getByRole('button', { name: 'Add target' }).click()
    await page.getByLabel('Address').fill(url)
    await page.getByLabel('Name').fill('api-server')
    await page.getByLabel('Component').selectOption('kube-apiserver')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const card = page.getByRole('region', { name: 'api-server' })
    await card.waitFor()
    await expect.poll(() => overflowPx(page)).toBe(0)

    await card.getByRole('button', { name: 'Capture now' }).first().click()
    await page.getByText('5 s', { exact: true }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.waitForURL(/\/captures\//)
    await page.getByText('being taken').first().waitFor()
    await expect.poll(() => overflowPx(page)).toBe(0)
    process.answer()

    const finding = page.locator('article[data-rule="apiserver.list-from-etcd"]')
    await finding.waitFor()
    // The process has none of the other parts.
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await finding.getByRole('button', { name: 'Show in flame graph' }).click()
    await waitForLabel(page, 'etcd3.(*store).GetList')
    await page.getByRole('link', { name: 'Whole capture' }).click()
    await finding.waitFor()

    await page.getByRole('link', { name: 'Captures' }).click()
    // Until that page is loaded, the one before stays.
    await page.getByRole('heading', { name: 'Captures', exact: true }).waitFor()
    await page.getByText('Objects are listed from etcd').waitFor()
    expect(complaints).toEqual([])
  })

  test('a forbidden address is reported at once', async () => {
    const { page } = await web.openPage()
    await page.goto(`${web.url}/targets`)
    await page.getByRole('button', { name: 'Add target' }).click()
    await page.getByLabel('Address').fill('http://169.254.169.254')
    await page.getByLabel('Name').fill('metadata')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('link-local')
  })
})

interface HeldProcess {
  readonly server: Server
  /** Until then no other client gets a CPU profile. */
  readonly answer: () => void
}

/** What a busy API server answers, though its profiles are those of an example. */
async function startProcess(): Promise<HeldProcess> {
  const cpu = readFileSync(examplePath('apiserver-list-no-rv/cpu.pb.gz'))
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
  const server = createServer(async ({ url = '' }, response) => {
    if (!url.startsWith('/debug/pprof/profile')) return response.writeHead(404).end()
    await mayAnswer
    return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(cpu)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { server, answer }
}
