import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { killAll, startKubeprof } from '../../chaos/kubeprof-process.ts'
import { freePort } from '../../free-port.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

afterEach(killAll)

test('a worker serves its health checks at the configured address, and exits on SIGTERM with 0', async () => {
  const address = `127.0.0.1:${await freePort()}`
  const worker = await startWorker(address)
  expect(await (await fetch(`http://${address}/healthz`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`http://${address}/readyz`)).json()).toMatchObject({
    status: 'ready',
    checks: [
      { name: 'store', isReady: true },
      { name: 'queue' },
      { name: 'deletion', isReady: true },
    ],
  })
  const metrics = await (await fetch(`http://${address}/metrics`)).text()
  expect(metrics).toContain('kubeprof_deletion_stopped 0')
  expect(await worker.end('SIGTERM')).toBe(0)
})

test('an address that is in use is reported in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const bound = other.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  await expect(startWorker(`127.0.0.1:${port}`)).rejects.toThrow(
    `kubeprof work: cannot listen on 127.0.0.1:${port} for health checks: `,
  )
  other.close()
})

async function startWorker(address: string) {
  return await startKubeprof(['work', '--data', join(await temporaryDirectory(), 'data')], {
    env: { KUBEPROF_WORKER_HEALTH_LISTEN: address },
  })
}
