import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { constants, setPriority } from 'node:os'
import { dirname } from 'node:path'
import {
  DECODER_READY,
  type DecoderTask,
  fromRefusal,
  isReplyTo,
  type ResultOf,
} from './decoder-task.ts'

const MIB = 1024 * 1024
/** What V8 reserves and never touches counts too: 574 MB of data for a process that holds 43. */
const RESERVED_BYTES = 640 * MIB
const WATCH_MS = 50
const CLOSE_MS_MAX = 1000
const STDERR_CHARS_MAX = 4000

/** Why a decoder process is no more. `cancelled`: we wanted it so. `start`: it never came up; the task is not to blame. */
export type DeathReason = 'oom' | 'timeout' | 'crash' | 'cancelled' | 'start'

/** The decoder process died of its task. `stderrTail` is the end of what it wrote to stderr, for the log alone. */
export class DecoderDied extends Error {
  override readonly name = 'DecoderDied'
  readonly reason: DeathReason
  readonly stderrTail: string

  constructor(reason: DeathReason, stderrTail: string) {
    super(`the decoder process died: ${reason}`)
    this.reason = reason
    this.stderrTail = stderrTail
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
  /** Settles when it has come up. Throws DecoderDied when it did not. */
  ready(): Promise<void>
  /** Throws the AppError that the task was refused with, or DecoderDied; the process is of no use then. */
  run<Task extends DecoderTask>(task: Task, options: RunOptions): Promise<ResultOf<Task>>
  readonly isAlive: () => boolean
  /** Resident memory; 0 where the system does not tell. */
  readonly memoryBytes: () => number
  /** Lets it end by itself; kills it when it does not within a second. */
  close(): Promise<void>
}

export function startDecoderProcess(options: DecoderProcessOptions): DecoderProcess {
  const child = watchChild(forkBehind(options))
  return {
    ready: () => child.started,
    run: <Task extends DecoderTask>(task: Task, { msMax, signal }: RunOptions) =>
      new Promise<ResultOf<Task>>((resolve, reject) => {
        const kind: Task['kind'] = task.kind
        let deathReason: DeathReason | null = null
        const kill = (reason: DeathReason) => {
          deathReason ??= reason
          child.process.kill('SIGKILL')
        }
        const onAbort = () => kill('cancelled')
        const onMessage = (message: unknown) => {
          if (message === DECODER_READY) return
          stop()
          if (!isReplyTo(kind, message)) reject(new TypeError(`no reply to a task of kind ${kind}`))
          else if ('refusal' in message) reject(fromRefusal(message.refusal))
          else resolve(message.result)
        }
        const timer = setTimeout(() => kill('timeout'), msMax)
        const watchdog = setInterval(() => {
          if (child.memoryBytes() > options.memoryBytesMax) kill('oom')
        }, WATCH_MS)
        const stop = () => {
          clearTimeout(timer)
          clearInterval(watchdog)
          child.process.off('message', onMessage)
          signal?.removeEventListener('abort', onAbort)
        }
        void child.exited.then(() => {
          stop()
          reject(new DecoderDied(deathReason ?? child.reasonOfDeath(), child.stderrTail()))
        })
        child.process.on('message', onMessage)
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted === true) kill('cancelled')
        // A process that cannot be sent to is about to exit, which says why.
        if (child.isAlive()) child.process.send(task, () => undefined)
      }),
    isAlive: child.isAlive,
    memoryBytes: child.memoryBytes,
    async close() {
      if (child.process.connected) child.process.disconnect()
      const timer = setTimeout(() => child.process.kill('SIGKILL'), CLOSE_MS_MAX)
      await child.exited
      clearTimeout(timer)
    },
  }
}

/** Listens to how a process is and how it ends. */
function watchChild(child: ChildProcess) {
  let isAlive = true
  let isStarted = false
  let stderr = ''
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  }).then(() => {
    isAlive = false
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARS_MAX)
  })
  const reasonOfDeath = (): DeathReason => (isStarted ? reasonFrom(stderr) : 'start')
  const started = new Promise<void>((resolve, reject) => {
    child.once('message', () => {
      isStarted = true
      resolve()
    })
    void exited.then(() => reject(new DecoderDied(reasonOfDeath(), stderr)))
  })
  // Whoever waits for it is told; nobody need wait for a warm one.
  started.catch(() => undefined)
  return {
    process: child,
    exited,
    started,
    isAlive: () => isAlive,
    stderrTail: () => stderr,
    reasonOfDeath,
    memoryBytes: () => (child.pid === undefined ? 0 : residentBytes(child.pid)),
  }
}

/** Uploads are answered while profiles are analysed: where both want the processor, answers go first. */
function forkBehind(options: DecoderProcessOptions): ChildProcess {
  const child = forkLimited(options)
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, which its caller hears of.
  }
  return child
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
        : [`--data=${memoryBytesMax + RESERVED_BYTES}`, '--core=0', process.execPath, ...nodeArgs],
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
