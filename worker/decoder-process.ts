import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { type DecoderReply, type DecoderTask, isDecoderReply } from './decoder-task.ts'

const MIB = 1024 * 1024
const WATCH_MS = 50
const STDERR_CHARS_MAX = 4000

/** Why a decoder process is no more. `cancelled`: we wanted it so. */
export type DeathReason = 'oom' | 'timeout' | 'crash' | 'cancelled'

/** The decoder process died of its task. `lastWords` is the end of what it wrote to stderr, for the log alone. */
export class DecoderDied extends Error {
  override readonly name = 'DecoderDied'
  readonly reason: DeathReason
  readonly lastWords: string

  constructor(reason: DeathReason, lastWords: string) {
    super(`the decoder process died: ${reason}`)
    this.reason = reason
    this.lastWords = lastWords
  }
}

export interface DecoderProcessOptions {
  /** The script of the process: it calls `serveDecoder`. */
  readonly entry: string
  /** Handed to the script as its arguments. */
  readonly args: readonly string[]
  readonly memoryBytesMax: number
}

export interface RunOptions {
  readonly msMax: number
  /** Ends the task, and the process with it. */
  readonly signal?: AbortSignal
}

/** A process of its own for bytes that nobody vouches for. Does one task at a time. */
export interface DecoderProcess {
  /** Throws DecoderDied; the process is of no use then. */
  run(task: DecoderTask, options: RunOptions): Promise<DecoderReply>
  readonly isAlive: () => boolean
  /** Resident memory; 0 where the system does not tell. */
  readonly memoryBytes: () => number
  /** Lets it end by itself; kills it when it does not within a second. */
  close(): Promise<void>
}

export function startDecoderProcess(options: DecoderProcessOptions): DecoderProcess {
  const child = forkLimited(options)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let isAlive = true
  let stderr = ''
  void exited.then(() => {
    isAlive = false
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARS_MAX)
  })
  const memoryBytes = () => (child.pid === undefined ? 0 : residentBytes(child.pid))

  return {
    run: (task, { msMax, signal }) =>
      new Promise((resolve, reject) => {
        let deathReason: DeathReason | null = null
        const kill = (reason: DeathReason) => {
          deathReason ??= reason
          child.kill('SIGKILL')
        }
        const onAbort = () => kill('cancelled')
        const onMessage = (message: unknown) => {
          stop()
          if (isDecoderReply(message)) resolve(message)
          else reject(new TypeError('the decoder process sent something that is no reply'))
        }
        const onExit = () => {
          stop()
          reject(new DecoderDied(deathReason ?? reasonFrom(stderr), stderr))
        }
        const timer = setTimeout(() => kill('timeout'), msMax)
        const watchdog = setInterval(() => {
          if (memoryBytes() > options.memoryBytesMax) kill('oom')
        }, WATCH_MS)
        const stop = () => {
          clearTimeout(timer)
          clearInterval(watchdog)
          child.off('message', onMessage)
          child.off('exit', onExit)
          child.off('error', onExit)
          signal?.removeEventListener('abort', onAbort)
        }
        child.on('message', onMessage)
        child.once('exit', onExit)
        child.once('error', onExit)
        signal?.addEventListener('abort', onAbort)
        if (!isAlive) return onExit()
        if (signal?.aborted === true) kill('cancelled')
        child.send(task, (error) => {
          if (error !== null) kill('crash')
        })
      }),
    isAlive: () => isAlive,
    memoryBytes,
    async close() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 1000)
      await exited
      clearTimeout(timer)
    },
  }
}

/**
 * The heap is limited by V8 and everything else by the kernel, where `prlimit` is at hand: typed arrays are not part of
 * the heap. The environment stays here: it may hold secrets, and decoding needs none.
 */
function forkLimited({ entry, args, memoryBytesMax }: DecoderProcessOptions): ChildProcess {
  const cache = getCompileCacheDir()
  const nodeArgs = [`--max-old-space-size=${Math.floor((memoryBytesMax * 0.75) / MIB)}`]
  const limiter = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))
  return fork(entry, [...args], {
    execPath: limiter ?? process.execPath,
    execArgv:
      limiter === undefined
        ? nodeArgs
        : [`--data=${memoryBytesMax + 256 * MIB}`, '--core=0', process.execPath, ...nodeArgs],
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
}

function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

function reasonFrom(stderr: string): DeathReason {
  const isMemory = /heap out of memory|allocation failed|Fatal process out of memory/i.test(stderr)
  return isMemory ? 'oom' : 'crash'
}
