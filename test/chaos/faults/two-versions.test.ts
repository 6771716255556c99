import { afterEach, expect, onTestFinished, test } from 'vitest'
import { migrate, openStack } from '../../stack/open-stack.ts'
import { lacks } from '../../requirements.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, isThorough } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import {
  killAll,
  type KubeprofProcess,
  PROGRAM_VARIABLE,
  startKubeprof,
} from '../kubeprof-process.ts'
import { mutantEnv } from '../mutants.ts'
import { endedTwice, readStack } from '../stack-state.ts'
import { type History, startUploaders } from '../uploaders.ts'

afterEach(killAll)

/** A real older version, where the caller has one: the path of its `bin/kubeprof`. */
const OLDER_PROGRAM = process.env['KUBEPROF_TEST_OLDER']
const OLDER_ENV: Readonly<Record<string, string>> =
  OLDER_PROGRAM === undefined ? {} : { [PROGRAM_VARIABLE]: OLDER_PROGRAM }
const NEWER_ENV: Readonly<Record<string, string>> =
  OLDER_PROGRAM === undefined ? mutantEnv('it is a later version, with a migration more') : {}
const OLDER = { env: OLDER_ENV }
const NEWER = { env: NEWER_ENV }
const REFUSAL =
  /The database was migrated by a newer kubeprof \(.*\)\. Start that version or a newer one\./

test.skipIf(!isThorough)(
  'while a newer version takes over, the older one goes on working, and does not start again',
  async () => {
    const directory = await memoryDirectory()
    const work = ['work', '--data', directory]
    const older = await startKubeprof(work, OLDER)
    // It brings the tables up to date under the running worker.
    const serve = ['serve', '--roles', 'api', '--port', '0']
    const server = await startKubeprof([...serve, '--data', directory], NEWER)
    const judge = async (history: History) =>
      judgeHistory(history, {
        url: server.url,
        readState: () => readDirectory(directory),
      })
    const before = await uploaded(server.url)
    expect(await judge(before)).toEqual(FLAWLESS)
    expect(older.output()).not.toContain('"level":50')
    expect(await older.end('SIGTERM')).toBe(0)

    await expect(startKubeprof(work, OLDER)).rejects.toThrow(REFUSAL)
    await startKubeprof(work, NEWER)
    const after = await uploaded(server.url)
    const sentHashes = new Set([...before.sentHashes, ...after.sentHashes])
    expect(await judge({ ...after, sentHashes })).toEqual(FLAWLESS)
  },
  CHAOS_TIMEOUT_MS,
)

test.skipIf(!isThorough || ['postgres', 'redis', 's3'].some((name) => lacks(name)))(
  'scaled out, older and newer processes serve and work side by side until the older ones leave',
  async () => {
    const stack = await openStack({ isDirect: true, env: OLDER_ENV })
    onTestFinished(() => stack.close())
    const older = [...stack.servers, ...stack.workers, stack.collector]
    let servers: readonly KubeprofProcess[] = stack.servers
    let count = 0
    const uploaders = startUploaders(2, () => servers[count++ % servers.length]?.url ?? '')
    await uploaders.untilMore(10)

    const env = { ...without(stack.env, OLDER_ENV), ...NEWER_ENV }
    await migrate(await memoryDirectory(), env)
    await uploaders.untilMore(10)
    const start = async (...args: readonly string[]) =>
      startKubeprof([...args, '--data', await memoryDirectory()], { env })
    const [server] = await Promise.all([
      start('serve', '--roles', 'api', '--port', '0'),
      start('work'),
      start('collect'),
    ])
    servers = [...stack.servers, server]
    await uploaders.untilMore(20)
    for (const { url } of servers) expect(await unreadable(url)).toEqual([])

    servers = [server]
    await uploaders.untilMore(10)
    for (const one of older) {
      expect(one.output()).not.toContain('"level":50')
      expect(await one.end('SIGTERM')).toBe(0)
    }
    await uploaders.untilMore(10)
    const history = await uploaders.stop()
    const readState = () => readStack(stack)
    expect(await judgeHistory(history, { url: server.url, readState })).toEqual(FLAWLESS)
    expect(await endedTwice(stack)).toEqual([])
    const data = await memoryDirectory()
    await expect(startKubeprof(['work', '--data', data], { env: stack.env })).rejects.toThrow(
      REFUSAL,
    )
  },
  CHAOS_TIMEOUT_MS,
)

/** Of what older and newer processes have written: what this server does not answer with 200. */
async function unreadable(url: string): Promise<readonly string[]> {
  const lists = ['profiles', 'captures', 'findings', 'targets', 'rules']
  const ready = await (await fetch(`${url}/api/v1/profiles?status=ready&limit=50`)).text()
  const ids = [...ready.matchAll(/"id":"([0-9A-Z]{26})"/g)].map(([, id = '']) => id)
  const views = ids.flatMap((id) =>
    ['', '/report', '/top', '/flame', '/raw'].map((view) => `profiles/${id}${view}`),
  )
  const found: string[] = ids.length === 0 ? ['no profile is ready'] : []
  for (const path of [...lists, ...views]) {
    const reply = await fetch(`${url}/api/v1/${path}`)
    await reply.arrayBuffer()
    if (reply.status !== 200) found.push(`${path} ${reply.status}`)
  }
  return found
}

function without(
  all: Readonly<Record<string, string>>,
  some: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in some)))
}

async function uploaded(url: string): Promise<History> {
  const uploaders = startUploaders(2, () => url)
  await uploaders.untilMore(10)
  return uploaders.stop()
}
