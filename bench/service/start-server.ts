import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { KUBEPROF } from '../run-process.ts'

export interface StartedServer {
  readonly url: string
  /** From starting the process to the first good answer of `/readyz`. */
  readonly readyMs: number
  /** Of the server and its decoder processes, as the kernel reports it; `null` without /proc. */
  readonly memoryMb: () => number | null
  readonly stop: () => Promise<void>
}

const START_MS_MAX = 30_000

/** Starts `kubeprof serve` on a free port with a new empty data folder, which is removed when it stops. */
export async function startServer(): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const startMs = performance.now()
  const child = spawn(KUBEPROF, ['serve'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
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
    readyMs,
    memoryMb: () => (pid === undefined ? null : memoryOfTreeMb(pid)),
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

function memoryOfTreeMb(pid: number): number | null {
  try {
    const pids = [pid]
    for (const parent of pids) {
      for (const task of readdirSync(`/proc/${parent}/task`)) {
        const children = readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8')
        pids.push(...children.split(' ').filter(Boolean).map(Number))
      }
    }
    return pids.reduce((sum, one) => sum + residentMb(one), 0)
  } catch {
    return null
  }
}

function residentMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return match === null ? 0 : Number(match[1]) / 1024
}
