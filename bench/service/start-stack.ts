import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { findProgram, KUBEPROF } from '../run-process.ts'
import type { StartedServer } from './start-server.ts'

export interface StackToStart {
  /** Of another checkout, instead of this one's. */
  readonly program?: string
  readonly workerCount?: number
  readonly env?: Readonly<Record<string, string>>
}

/** `urls` are those of all its servers. */
export type StartedStack = Pick<StartedServer, 'url' | 'pid' | 'stop'> & {
  readonly urls: readonly string[]
}

/** Starts what `npm run stack` does. Its servers, workers, Postgres, Redis and S3 are children of the process `pid`. */
export async function startStack({
  program = KUBEPROF,
  workerCount = 2,
  env = {},
}: StackToStart = {}): Promise<StartedStack> {
  const bin = dirname(program)
  const args = [join(bin, '..', 'test', 'stack', 'run.ts'), '--workers', String(workerCount)]
  const child = spawn(join(bin, 'node'), args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const urls = await new Promise<readonly [string, string]>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const [, first, second] = /open (http:\S+) or (http:\S+)/.exec(output) ?? []
      if (first !== undefined && second !== undefined) resolve([first, second])
    })
    void ended.then(() => reject(new Error(`The stack did not start: ${output}`)))
  })
  return {
    url: urls[0],
    urls,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Whether what it needs is installed. */
export function canStartStack(): boolean {
  return ['postgres', 'redis-server', 'versitygw'].every((name) => findProgram(name) !== null)
}
