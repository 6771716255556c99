import { afterEach, expect, test } from 'vitest'
import { memoryDirectory } from '../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, isThorough } from '../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from './judge-history.ts'
import { killAll, startKubeprof } from './kubeprof-process.ts'
import { mutantEnv } from './mutants.ts'
import { type History, startUploaders } from './uploaders.ts'

afterEach(killAll)

const OLDER = { env: mutantEnv('it does not know the newest migration') }

test.skipIf(!isThorough)(
  'while a newer version takes over, the older one goes on working, and does not start again',
  async () => {
    const directory = await memoryDirectory()
    const work = ['work', '--data', directory]
    const older = await startKubeprof(work, OLDER)
    // It brings the tables up to date under the running worker.
    const server = await startKubeprof([
      'serve',
      '--roles',
      'api',
      '--port',
      '0',
      '--data',
      directory,
    ])
    const judge = async (history: History) =>
      judgeHistory(history, {
        url: server.url,
        readState: () => readDirectory(directory),
      })
    const before = await uploaded(server.url)
    expect(await judge(before)).toEqual(FLAWLESS)
    expect(older.output()).not.toContain('"level":50')
    expect(await older.end('SIGTERM')).toBe(0)

    await expect(startKubeprof(work, OLDER)).rejects.toThrow(
      /The database was migrated by a newer kubeprof \(.*\)\. Start that version or a newer one\./,
    )
    await startKubeprof(work)
    const after = await uploaded(server.url)
    const sentHashes = new Set([...before.sentHashes, ...after.sentHashes])
    expect(await judge({ ...after, sentHashes })).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)

async function uploaded(url: string): Promise<History> {
  const uploaders = startUploaders(2, () => url)
  await uploaders.untilMore(10)
  return uploaders.stop()
}
