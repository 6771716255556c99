import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { find } from './requirements.ts'
import { MEMORY_FOLDER } from './temporary-directory.ts'
import { until } from './until.ts'

/** A Postgres server of the test's own on a free loopback port, which flushes as one in production does. */
export interface PostgresServer {
  readonly port: number
  /** Makes a database, empty or a copy of another one that is not connected to. Returns its address. */
  readonly createDatabase: (template?: string) => Promise<string>
  /** Runs one statement as the superuser, in the database of this address or in `postgres`. */
  readonly run: (statement: string, url?: string) => Promise<readonly Record<string, unknown>[]>
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>
  /** Stops or continues all its processes. */
  readonly pause: () => void
  readonly resume: () => void
  readonly start: (settings?: Readonly<Record<string, string>>) => Promise<void>
  readonly close: () => Promise<void>
}

export async function openPostgresServer(): Promise<PostgresServer> {
  const user = serverUser()
  const port = await freePort()
  const directory = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-postgres-'))
  if ('uid' in user) await chown(directory, user.uid, user.gid)
  const data = join(directory, 'data')
  const initdb = find('initdb') ?? 'initdb'
  execFileSync(
    initdb,
    ['-D', data, '-U', 'kubeprof', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'],
    { ...user, cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  let server: ChildProcess | null = null
  const urlOf = (database: string) => `postgres://kubeprof@127.0.0.1:${port}/${database}`

  async function run(statement: string, url = urlOf('postgres')) {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows
    } finally {
      await client.end()
    }
  }

  async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const all = { ...SETTINGS, ...settings, port: String(port), unix_socket_directories: directory }
    const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const options = { ...user, cwd: directory, stdio: 'ignore' } as const
    await until(() => {
      // It ends at once while a process of the one that was killed still holds the shared memory.
      if (server === null || server.exitCode !== null) {
        server = spawn(find('postgres') ?? 'postgres', ['-D', data, ...args], options)
      }
      return run('select 1').then(
        () => true,
        () => false,
      )
    })
  }

  function signal(name: NodeJS.Signals): void {
    if (server?.pid === undefined) return
    // The processes of its connections are sessions of their own, and outlive it for a while.
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')
    for (const pid of [server.pid, ...(children.match(/\d+/g) ?? []).map(Number)]) {
      trySignal(pid, name)
    }
  }

  async function kill(): Promise<void> {
    if (server === null) return
    const exited = once(server, 'exit')
    signal('SIGKILL')
    await exited
    server = null
  }

  /** Ends it at once, as its immediate shutdown does, which frees its shared memory; a crash leaves that to the next start. */
  async function end(): Promise<void> {
    if (server === null) return
    const exited = once(server, 'exit')
    signal('SIGCONT')
    server.kill('SIGQUIT')
    await exited
    server = null
  }

  await start()
  return {
    port,
    run,
    kill,
    start,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async createDatabase(template) {
      const name = `t${randomUUID().replaceAll('-', '')}`
      const from = template === undefined ? '' : ` template ${new URL(template).pathname.slice(1)}`
      await run(`create database ${name}${from}`)
      return urlOf(name)
    },
    async close() {
      await end()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  shared_buffers: '64MB',
}

/** Postgres refuses to run as root. Debian's package brings a user for it. */
function serverUser(): { readonly uid: number; readonly gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {}
  return { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') }
}

function trySignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

function idOfPostgres(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres']))
}
