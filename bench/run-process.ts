import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
export const KUBEPROF = join(REPOSITORY, 'bin', 'kubeprof')

/** Where a program is, on the PATH or where Go installs; `null` where it is not. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go', 'bin')]
  for (const folder of folders) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return null
}

/** The milliseconds a program takes from start to end. Throws when it fails. */
export function timeProcessMs(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const errors: string[] = []
    child.stderr.on('data', (text) => errors.push(String(text)))
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve(performance.now() - startMs)
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${errors.join('')}`))
    })
  })
}

/** The most memory a program held, in MB, as GNU time reports it; `null` if that is not installed. */
export function measureMemoryMb(program: string, args: readonly string[]): number | null {
  const time = findProgram('time')
  if (time === null) return null
  const { stderr } = spawnSync(time, ['-f', 'peak %M', program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const match = /peak (\d+)/.exec(stderr)
  return match === null ? null : Number(match[1]) / 1024
}
