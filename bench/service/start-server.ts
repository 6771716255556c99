import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { KUBEPROF } from '../run-process.ts'
import { descendantsOf } from './processor-times.ts'

export interface StartedServer {
  readonly url: string
  readonly pid: number
  /** From starting the process to the first good answer of `/readyz`. */
  readonly readyMs: number
  /** Of the server and its decoder processes, as the kernel reports it; `null` without /proc. */
  readonly memory: () => Memory | null
  readonly stop: () => Promise<void>
}

export interface Memory {
  /** What the processes hold, where a page that several hold counts once in all (PSS). */
  readonly heldMb: number
  /** The sum of their resident memory (RSS): Node's own file counts once for each. */
  readonly residentMb: number
}

const START_MS_MAX = 30_000

export interface ServerToStart {
  /** Instead of this checkout's. */
  readonly program?: string
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>
  /** Fills the data folder before the start. */
  readonly prepare?: (folder: string) => Promise<void>
}

/** Starts `kubeprof serve` on a free port with a new empty data folder, which is removed when it stops. */
export async function startServer({
  program = KUBEPROF,
  env = {},
  prepare,
}: ServerToStart = {}): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  await prepare?.(folder)
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const startMs = performance.now()
  const child = spawn(program, ['serve'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...env,
      KUBEPROF_SERVER_PORT: String(port),
      KUBEPROF_STORE_DIRECTORY: folder,
    },
  })
  const { pid } = child
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  while (!(await isAnswering(`${url}/readyz`))) {
    if (child.exitCode !== null || performance.now() - startMs > START_MS_MAX) {
      child.kill()
      throw new Error('kubeprof serve did not become ready')
    }
    await setTimeout(10)
  }
  const readyMs = performance.now() - startMs
  return {
    url,
    pid: pid ?? 0,
    readyMs,
    memory: () => (pid === undefined ? null : memoryOfTree(pid)),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** Whether the address gives a good answer. */
export async function isAnswering(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url)
    await reply.arrayBuffer()
    return reply.ok
  } catch {
    return false
  }
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function memoryOfTree(pid: number): Memory | null {
  try {
    const texts = [pid, ...descendantsOf(pid)].map((one) =>
      readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'),
    )
    const sumMb = (name: string) => {
      const pattern = new RegExp(`^${name}:\\s+(\\d+)`, 'm')
      return texts.reduce((sum, text) => sum + Number(pattern.exec(text)?.[1] ?? 0) / 1024, 0)
    }
    return { heldMb: sumMb('Pss'), residentMb: sumMb('Rss') }
  } catch {
    return null
  }
}
