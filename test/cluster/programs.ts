import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Programs that run until they are stopped; each writes `NAME.log` in the folder. */
export class Programs {
  readonly folder: string
  readonly #running = new Map<string, ChildProcess>()
  readonly #killAll = () => this.#running.forEach((child) => child.kill('SIGKILL'))

  constructor(folder: string) {
    this.folder = folder
    // A test run that ends without `stop` leaves nothing behind.
    process.once('exit', this.#killAll)
  }

  start(name: string, command: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${name}.log`), 'a')
    const child = spawn(command, args, {
      cwd: this.folder,
      stdio: ['ignore', log, log],
      env: { ...process.env, HOME: this.folder, TMPDIR: this.folder },
    })
    closeSync(log)
    child.on('error', () => {})
    this.#running.set(name, child)
  }

  /** Runs a program to its end and answers what it printed. An aborted one has done its work. */
  async run(command: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
    const child = spawn(command, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#running.set(`run ${child.pid}`, child)
    const end = () => child.kill('SIGTERM')
    signal?.addEventListener('abort', end)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    await once(child, 'close')
    signal?.removeEventListener('abort', end)
    this.#running.delete(`run ${child.pid}`)
    if (child.exitCode !== 0 && signal?.aborted !== true) throw new Error(output)
    return output
  }

  /** Throws when one that was started has ended. */
  checkAlive(): void {
    for (const [name, child] of this.#running) {
      if (hasEnded(child)) throw new Error(`${name} ended with ${child.exitCode}`)
    }
  }

  lastLines(): string {
    return [...this.#running.keys()].map((name) => this.#lastLinesOf(name)).join('\n')
  }

  /** Stops all, the last started first. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.#killAll)
    for (const name of [...this.#running.keys()].reverse()) await this.end(name)
  }

  /** Stops one. */
  async end(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#running.get(name)
    if (child === undefined || hasEnded(child)) return
    const exit = once(child, 'exit')
    child.kill(signal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), 2000)
    await exit
    clearTimeout(impatience)
    this.#running.delete(name)
  }

  #lastLinesOf(name: string): string {
    try {
      const log = readFileSync(join(this.folder, `${name}.log`), 'utf8')
      return `${name}:\n${log.split('\n').slice(-15).join('\n')}`
    } catch {
      return `${name}: no log`
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
