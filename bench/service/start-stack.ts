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

/** Starts what `npm run stack` does. Its servers, workers, Postgres, Redis and S3 are children of the process `pid`. */
export async function startStack({
  program = KUBEPROF,
  workerCount = 2,
  env = {},
}: StackToStart = {}): Promise<Pick<StartedServer, 'url' | 'pid' | 'stop'>> {
  const bin = dirname(program)
  const args = [join(bin, '..', 'test', 'stack', 'run.ts'), '--workers', String(workerCount)]
  const child = spawn(join(bin, 'node'), args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const found = /open (http:\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => reject(new Error(`The stack did not start: ${output}`)))
  })
  return {
    url,
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
