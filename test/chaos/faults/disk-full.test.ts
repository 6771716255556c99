import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { CHAOS_TIMEOUT_MS } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { uniqueProfile } from '../unique-profile.ts'
import { startUploaders, uploadOne } from '../uploaders.ts'
import { until } from '../../until.ts'

const SIZE_MIB = 12
const mountPoint = mkdtempSync(join(tmpdir(), 'kubeprof-full-'))
const isMounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'tmpfs', mountPoint]).status === 0
if (!isMounted) rmdirSync(mountPoint)

afterEach(async () => {
  await killAll()
  spawnSync('umount', ['-l', mountPoint])
  rmdirSync(mountPoint)
})

// Only root may mount a small disk.
test.skipIf(!isMounted)(
  'a full disk refuses uploads with 503, keeps what it has readable, and takes more once there is room',
  async () => {
    const directory = join(mountPoint, 'data')
    const env = { KUBEPROF_STORE_FREE_BYTES_MIN: String(2 ** 30) }
    const server = await startKubeprof(['serve', '--port', '0', '--data', directory], { env })
    const uploaders = startUploaders(4, () => server.url)
    await uploaders.untilMore(20)
    const ballast = join(mountPoint, 'ballast')
    await writeFile(ballast, new Uint8Array(SIZE_MIB * 2 ** 20)).catch(() => undefined)
    await until(() => uploaders.history.refused.length > 10)
    const history = await uploaders.stop()

    const response = await fetch(`${server.url}/api/v1/profiles`, {
      method: 'POST',
      body: new Uint8Array(uniqueProfile()),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { code: 'STORAGE_FULL' } })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await fetch(`${server.url}/api/v1/profiles`)).status).toBe(200)

    await rm(ballast)
    const countBefore = history.acknowledged.length
    // Until uploads are taken again.
    await until(async () => {
      await uploadOne(server.url, history)
      return history.acknowledged.length > countBefore
    })
    // The bytes that were uploaded to see the refusal were never stored.
    const readState = () => readDirectory(directory)
    const judged = await judgeHistory(history, { url: server.url, readState })
    expect(judged).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)
