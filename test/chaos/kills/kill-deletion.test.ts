import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { lacks } from '../../requirements.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, isThorough } from '../../extent.ts'
import { readDirectory } from '../judge-history.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { mutantEnv } from '../mutants.ts'
import { newHistory, uploadOne } from '../uploaders.ts'
import { until } from '../../until.ts'

afterEach(killAll)

describe.skipIf(lacks('strace') || !isThorough)(
  'a kill while the bytes of a deleted profile are deleted',
  () => {
    test(
      'leaves no row without its bytes, because the row went first',
      async () => {
        expect(await danglingAfterKill()).toEqual([])
      },
      CHAOS_TIMEOUT_MS,
    )

    test(
      'when bytes are deleted before their row, it leaves such a row',
      async () => {
        const env = mutantEnv('bytes are deleted before their row')
        expect(await danglingAfterKill(env)).toHaveLength(1)
      },
      CHAOS_TIMEOUT_MS,
    )
  },
)

/** The rows of blobs that lack their bytes after a worker was killed as it deleted the first file. */
async function danglingAfterKill(
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const data = join(await memoryDirectory(), 'data')
  const server = await startKubeprof(['serve', '--port', '0', '--data', data])
  const history = newHistory()
  await uploadOne(server.url, history)
  const [id] = history.acknowledged.map((one) => one.id)
  await until(async () => {
    const text = await (await fetch(`${server.url}/api/v1/profiles/${id}`)).text()
    return text.includes('"status":"ready"')
  })
  const [profile] = (await readDirectory(data)).profiles
  await server.end('SIGTERM')
  const api = await startKubeprof(['serve', '--roles', 'api', '--port', '0', '--data', data])
  expect((await fetch(`${api.url}/api/v1/profiles/${id}`, { method: 'DELETE' })).ok).toBe(true)
  await api.end('SIGTERM')
  const key = profile?.rawBlobId ?? ''
  const file = join(data, 'blobs', key.slice(0, 2), key)
  // The call that deletes the file returns ten seconds later.
  const calls = 'unlink,unlinkat'
  const late = ['-P', file, '-e', `trace=${calls}`, '-e', `inject=${calls}:delay_exit=10000000`]
  const under = ['strace', '-D', '-f', '-o', '/dev/null', ...late]
  const worker = await startKubeprof(['work', '--data', data], { env, under })
  await until(() => !existsSync(file))
  await worker.end('SIGKILL')
  const { blobIds, fileKeys } = await readDirectory(data)
  return blobIds.filter((blobId) => !fileKeys.has(blobId))
}
