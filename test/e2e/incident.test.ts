import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { isThorough } from '../extent.ts'
import { PATIENCE_MS } from '../patience.ts'
import { freePort } from '../free-port.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { prepareWebBuild } from '../web-build.ts'
import { sharedBrowser } from './shared-browser.ts'

const RULE = '[data-rule="apiserver.list-from-etcd"]'
const GET =
  'net/http.(*conn).serve; k8s.io/apiserver/pkg/endpoints/handlers.GetResource 40000000000'
const LIST =
  'net/http.(*conn).serve; k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList 36000000000'
const CPU = { type: 'cpu', unit: 'nanoseconds' }
const ENV = {
  KUBEPROF_COLLECT_INTERVAL_MS_MIN: '1000',
  KUBEPROF_COLLECT_DISCOVER_MS: '500',
  KUBEPROF_COLLECT_CPU_SHARE_MAX: '1',
}

describe.skipIf(lacks('chromium') || !isThorough)('an incident, from the first capture on', () => {
  afterEach(killAll)

  test('a scheduled target with a regression, and a server that dies under an open page', async () => {
    await prepareWebBuild()
    const api = await startApiServer()
    const directory = await temporaryDirectory()
    const targets = join(directory, 'targets.yaml')
    writeFileSync(targets, targetsOf(api.url))
    const start = (port: string) =>
      startKubeprof(
        ['serve', '--port', port, '--data', join(directory, 'data'), '--targets', targets],
        {
          env: ENV,
        },
      )
    const kubeprof = await start(String(await freePort()))
    const context = await (await sharedBrowser()).newContext()
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)

    await page.goto(`${kubeprof.url}/targets/api`)
    const row = page.locator(RULE)
    await api.taken(3)
    api.setBusy(true)
    await row.getByText(/^in \d+ captures?$/).waitFor()
    await row.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Note').fill('A client lists all pods.')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await row.getByText('A client lists all pods.').waitFor()
    api.setBusy(false)
    await page.getByText(/^\d+ resolved$/).click()
    await row.getByText('resolved', { exact: true }).first().waitFor()
    // It comes back: what was acknowledged is open again, and may be acknowledged and reopened again.
    api.setBusy(true)
    await row.getByText('came back').waitFor()
    await row.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await row.getByRole('button', { name: 'Reopen' }).click()
    await row.getByRole('button', { name: 'Acknowledge' }).waitFor()
    await api.taken(11)
    await page.getByRole('img', { name: /^Chart of \d{2,} points/ }).waitFor()
    await row
      .getByRole('link', { name: 'Objects are listed from etcd, not from the watch cache' })
      .click()
    for (const event of ['opened', 'acknowledged', 'resolved', 'came back', 'reopened']) {
      await page.getByRole('listitem').getByText(event, { exact: true }).first().waitFor()
    }
    const title = await titleWhileGone(page, kubeprof, start)
    expect(title).toContain('listed from etcd')
    await page.goBack()
    await row.waitFor()
    await context.close()
    api.close()
  })
})

/** The page reports that the server is gone, and goes on once it is back. Returns what its title was meanwhile. */
async function titleWhileGone(
  page: Page,
  kubeprof: KubeprofProcess,
  start: (port: string) => Promise<KubeprofProcess>,
): Promise<string> {
  const lost = page.getByText('The server does not answer')
  await kubeprof.end('SIGKILL')
  await lost.waitFor()
  const title = await page.getByRole('heading', { level: 1 }).innerText()
  await start(new URL(kubeprof.url).port)
  await lost.waitFor({ state: 'detached' })
  return title
}

interface ApiServer {
  readonly url: string
  /** Whether its next CPU profiles show LIST requests that etcd answers. */
  readonly setBusy: (isBusy: boolean) => void
  /** Waits until so many CPU profiles were taken. */
  readonly taken: (count: number) => Promise<void>
  readonly close: () => void
}

async function startApiServer(): Promise<ApiServer> {
  let takenCount = 0
  let isBusy = false
  const server = createServer(({ url = '' }, response) => {
    if (!url.startsWith('/debug/pprof/profile')) return response.writeHead(404).end()
    takenCount++
    const profile = {
      ...profileFromFolded(`${isBusy ? LIST : GET}\nmain ${takenCount}`, CPU),
      timeNs: BigInt(Date.now()) * 1_000_000n,
      durationNs: 30_000_000_000n,
    }
    return response.writeHead(200).end(gzipSync(encodeProfile(profile)))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    setBusy(next) {
      isBusy = next
    },
    async taken(count) {
      await expect.poll(() => takenCount).toBeGreaterThanOrEqual(count)
    },
    close: () => server.close(),
  }
}

function targetsOf(url: string): string {
  return [
    'targets:',
    `  - { name: api, kind: kube-apiserver, url: '${url}' }`,
    'profileSets:',
    '  cpu: { cpu: { seconds: 1 } }',
    'schedules:',
    '  - { name: often, targets: [api], every: 2s, take: cpu }',
    'network:',
    '  allow: [127.0.0.0/8]',
    '',
  ].join('\n')
}
