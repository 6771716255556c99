import { spawnSync } from 'node:child_process'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { memoryDirectory } from '../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS } from '../extent.ts'
import { killAll, type KubeprofProcess, startKubeprof } from './kubeprof-process.ts'
import { type History, startUploaders } from './uploaders.ts'

const KUBEPROF = fileURLToPath(new URL('../../bin/kubeprof', import.meta.url))

afterEach(killAll)

async function start(data: string): Promise<KubeprofProcess> {
  return startKubeprof(['serve', '--port', '0', '--data', data])
}

async function upload({ url }: KubeprofProcess, count: number): Promise<History['acknowledged']> {
  const uploaders = startUploaders(4, () => url)
  await uploaders.untilMore(count)
  return (await uploaders.stop()).acknowledged
}

function copyDatabase(data: string, to: string): void {
  const database = new DatabaseSync(join(data, 'kubeprof.db'))
  database.exec(`vacuum into '${to}'`)
  database.close()
}

async function filesIn(data: string): Promise<number> {
  const names = await readdir(join(data, 'blobs'), { recursive: true })
  return names.filter((name) => name.length > 80).length
}

async function deletionCheck({ url }: KubeprofProcess): Promise<unknown> {
  const { checks } = JSON.parse(await (await fetch(`${url}/readyz`)).text())
  return checks.find((check: { readonly name: string }) => check.name === 'deletion')
}

/** Runs `kubeprof verify` beside the server. */
function verify(data: string) {
  const { status, stdout } = spawnSync(KUBEPROF, ['verify', '--data', data], { encoding: 'utf8' })
  return { status, stdout }
}

test(
  'an older database over newer files deletes none of them, says so, and goes on serving and taking uploads',
  async () => {
    const folder = await memoryDirectory()
    const data = join(folder, 'data')
    const first = await start(data)
    await upload(first, 20)
    copyDatabase(data, join(folder, 'copy.db'))
    await upload(first, 20)
    // Until the files are marked as used with a newer database.
    await expect.poll(() => first.isAlive()).toBe(true)
    await first.end('SIGTERM')
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(data, `kubeprof.db${suffix}`), { force: true })
    await cp(join(folder, 'copy.db'), join(data, 'kubeprof.db'))
    const before = await filesIn(data)
    const second = await start(data)
    await expect
      .poll(() => deletionCheck(second))
      .toMatchObject({
        isReady: false,
        text: expect.stringContaining(`kubeprof verify --accept --data ${data}`),
      })
    const more = await upload(second, 3)
    expect(more.length).toBeGreaterThan(0)
    expect(await filesIn(data)).toBeGreaterThanOrEqual(before + more.length)
    expect(second.output()).toContain('deletion is stopped')
    expect(verify(data)).toMatchObject({ status: 1, stdout: expect.stringContaining('older copy') })
  },
  CHAOS_TIMEOUT_MS,
)

test(
  'older files under a newer database are named as missing, and no row is deleted for it',
  async () => {
    const folder = await memoryDirectory()
    const data = join(folder, 'data')
    const first = await start(data)
    const old = await upload(first, 5)
    await first.end('SIGTERM')
    await cp(join(data, 'blobs'), join(folder, 'blobs'), { recursive: true })
    const second = await start(data)
    const late = await upload(second, 5)
    await second.end('SIGKILL')
    await rm(join(data, 'blobs'), { recursive: true })
    await cp(join(folder, 'blobs'), join(data, 'blobs'), { recursive: true })
    const third = await start(data)
    const answerOf = async (id: string | undefined) =>
      (await fetch(`${third.url}/api/v1/profiles/${id}/raw`)).status
    expect(await answerOf(old[0]?.id)).toBe(200)
    expect(await answerOf(late[0]?.id)).toBe(500)
    expect((await fetch(`${third.url}/api/v1/profiles/${late[0]?.id}`)).status).toBe(200)
    const { status, stdout } = verify(data)
    expect(status).toBe(1)
    expect(Number(/(\d+) missing/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(late.length)
  },
  CHAOS_TIMEOUT_MS,
)
