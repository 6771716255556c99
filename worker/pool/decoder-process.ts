import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { constants, setPriority } from 'node:os'
import { dirname } from 'node:path'
import { type BlobRelay, type BlobRequest, isBlobRequest } from './blob-relay.ts'
import {
  type AnswerHistory,
  answerHistory,
  type HistoryRequest,
  isHistoryRequest,
} from './history-relay.ts'
import {
  DECODER_READY,
  type DecoderTask,
  fromRefusal,
  isReplyTo,
  type ResultOf,
} from './decoder-task.ts'

const MIB = 1024 * 1024
/**
 * The limit also counts memory that V8 reserves and never uses: 574 MB of data for a process that
 * uses 43 MB.
 */
const RESERVED_BYTES = 640 * MIB
const WATCH_MS = 50
const CLOSE_MS_MAX = 1000
const STDERR_CHARS_MAX = 4000

/**
 * Why a decoder process ended. `cancelled`: by request. `start`: it never started, so the task is
 * not the cause.
 */
export type DeathReason = 'oom' | 'timeout' | 'crash' | 'cancelled' | 'start'

/**
 * The decoder process died during its task. `stderrTail` is the end of its stderr, only for the
 * log.
 */
export class DecoderDied extends Error {
  override readonly name = 'DecoderDied'
  readonly reason: DeathReason
  readonly stderrTail: string

  constructor(reason: DeathReason, stderrTail: string) {
    super(`the decoder process died: ${reason} ${firstLineOf(stderrTail)}`.trimEnd())
    this.reason = reason
    this.stderrTail = stderrTail
  }
}

export interface DecoderProcessOptions {
  /** The script of the process: it calls `serveDecoder`. */
  readonly entry: string
  /** Arguments of the script. */
  readonly args: readonly string[]
  readonly memoryBytesMax: number
  /** Answers its requests for blobs; `null` when it reads and writes them itself. */
  readonly relay: BlobRelay | null
  /** Answers its questions about history; `null` where that lies in blocks. */
  readonly answerHistory?: AnswerHistory | null
}

export interface RunOptions {
  readonly msMax: number
  /** Ends the task, and the process with it. */
  readonly signal?: AbortSignal
}

/** A child process that handles untrusted bytes. Runs one task at a time. */
export interface DecoderProcess {
  /** Settles when it has started. Throws DecoderDied when it did not start. */
  ready(): Promise<void>
  /**
   * Throws the AppError of a refused task, or DecoderDied; the process cannot be used after that.
   */
  run<Task extends DecoderTask>(task: Task, options: RunOptions): Promise<ResultOf<Task>>
  readonly isAlive: () => boolean
  /** Resident memory in bytes; 0 where the system does not report it. */
  readonly memoryBytes: () => number
  /** Asks it to exit; kills it after one second. */
  close(): Promise<void>
}

export function startDecoderProcess(options: DecoderProcessOptions): DecoderProcess {
  const child = watchChild(forkBehind(options))
  const relayed = relayRequests(child.process, options)
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
          if (message === DECODER_READY || isRequest(message)) return
          stop()
          if (!isReplyTo(kind, message)) reject(new TypeError(`no reply to a task of kind ${kind}`))
          else if ('refusal' in message) reject(fromRefusal(message.refusal))
          else resolve(message.result)
        }
        const startMs = performance.now() - relayed.waitedMs()
        const watchdog = setInterval(() => {
          if (child.memoryBytes() > options.memoryBytesMax) kill('oom')
          // A slow store of blobs, or of history, is not the fault of the task.
          if (performance.now() - startMs - relayed.waitedMs() > msMax) kill('timeout')
        }, WATCH_MS)
        const stop = () => {
          clearInterval(watchdog)
          child.process.off('message', onMessage)
          signal?.removeEventListener('abort', onAbort)
          child.exitListeners.delete(onExit)
        }
        const onExit = () => {
          stop()
          reject(new DecoderDied(deathReason ?? child.reasonOfDeath(), child.stderrTail()))
        }
        child.exitListeners.add(onExit)
        child.process.on('message', onMessage)
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted === true) kill('cancelled')
        // When sending fails the process is about to exit, and the exit handler reports why.
        if (child.isAlive()) child.process.send(task, () => undefined)
        else onExit()
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

function isRequest(message: unknown): message is BlobRequest | HistoryRequest {
  return isBlobRequest(message) || isHistoryRequest(message)
}

/** Answers requests for blobs and history, and measures how long the process has waited for the answers. */
function relayRequests(
  child: ChildProcess,
  { relay, answerHistory: answerQuestion = null }: DecoderProcessOptions,
) {
  let waitedMs = 0
  let openCount = 0
  let sinceMs = 0
  const answerOf = (request: BlobRequest | HistoryRequest) => {
    if (request.kind === 'blob') return relay?.answer(request)
    return answerQuestion === null ? undefined : answerHistory(answerQuestion, request)
  }
  const answer = async (request: BlobRequest | HistoryRequest) => {
    if (openCount === 0) sinceMs = performance.now()
    openCount += 1
    const found = await answerOf(request)
    openCount -= 1
    if (openCount === 0) waitedMs += performance.now() - sinceMs
    if (child.connected && found !== undefined) child.send(found, () => undefined)
  }
  child.on('message', (message: unknown) => {
    if (isRequest(message)) void answer(message)
  })
  return {
    waitedMs: () => waitedMs + (openCount === 0 ? 0 : performance.now() - sinceMs),
  }
}

/** Listens for messages and the end of a process. */
function watchChild(child: ChildProcess) {
  let isAlive = true
  let isStarted = false
  let stderr = ''
  // Not `then` of the promise, which would hold every task until the process ends.
  const exitListeners = new Set<() => void>()
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  }).then(() => {
    isAlive = false
    for (const listener of exitListeners) listener()
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
  // Callers of `ready` get the error; a warm process may have no caller, so its rejection is
  // handled here.
  started.catch(() => undefined)
  return {
    process: child,
    exited,
    exitListeners,
    started,
    isAlive: () => isAlive,
    stderrTail: () => stderr,
    reasonOfDeath,
    memoryBytes: () => (child.pid === undefined ? 0 : residentBytes(child.pid)),
  }
}

/** Lowers the priority of analyses, so that answering uploads goes first when the CPU is busy. */
function forkBehind(options: DecoderProcessOptions): ChildProcess {
  const child = forkLimited(options)
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process has already ended; its caller gets that error.
  }
  return child
}

/**
 * Large arrays get memory of their own, which goes back to the system with them; young objects get less than the engine
 * would take; and what packs days has it collect: else packing those of 100 targets took 439 MB.
 */
const DECODER_MEMORY = {
  env: { MALLOC_MMAP_THRESHOLD_: String(MIB) },
  execArgv: ['--expose-gc', '--max-semi-space-size=8'],
} as const

/**
 * V8 limits the heap. The kernel limits the rest, such as typed arrays, where `prlimit` exists. The
 * environment is not passed on: it may hold secrets, and decoding needs none.
 */
function forkLimited({ entry, args, memoryBytesMax }: DecoderProcessOptions): ChildProcess {
  const cache = getCompileCacheDir()
  const heapMb = Math.floor((memoryBytesMax * 0.75) / MIB)
  const nodeArgs = [`--max-old-space-size=${heapMb}`, ...DECODER_MEMORY.execArgv]
  const limiter = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))
  return fork(entry, [...args], {
    execPath: limiter ?? process.execPath,
    execArgv:
      limiter === undefined
        ? nodeArgs
        : [`--data=${memoryBytesMax + RESERVED_BYTES}`, '--core=0', process.execPath, ...nodeArgs],
    env: {
      ...DECODER_MEMORY.env,
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }),
    },
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

function firstLineOf(text: string): string {
  return text.trimStart().split('\n')[0] ?? ''
}

function reasonFrom(stderr: string): DeathReason {
  const isMemory = /heap out of memory|allocation failed|Fatal process out of memory/i.test(stderr)
  return isMemory ? 'oom' : 'crash'
}
