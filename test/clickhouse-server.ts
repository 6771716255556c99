import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { find } from './requirements.ts'

/** ClickHouse on a free loopback port, with nothing in it. */
export interface ClickhouseServer {
  readonly url: string
  /** Ends it as a crash would. */
  readonly close: () => Promise<void>
}

/** The engine is the package `chdb`, found by the program that it brings. */
export async function openClickhouseServer(): Promise<ClickhouseServer> {
  const program = find('chdb-gen-types')
  if (program === null) throw new Error('chdb is not on this machine')
  const data = await mkdtemp(join(tmpdir(), 'kubeprof-clickhouse-'))
  const main = fileURLToPath(new URL('clickhouse-main.mjs', import.meta.url))
  const child = fork(main, [dirname(dirname(program)), data], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [port]: unknown[] = await once(child, 'message')
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async close() {
      child.kill('SIGKILL')
      await exited
      await rm(data, { recursive: true, force: true })
    },
  }
}
