import { AppError } from '../api/index.ts'
import { type Member, type MembersOptions, openMembers } from './decoder-members.ts'
import { type RunOptions, startDecoderProcess } from './decoder-process.ts'
import type { DecoderReply, DecoderTask } from './decoder-task.ts'

const TRIM_MS = 10_000
const BUSY_RETRY_SECONDS = 2

export interface DecoderPoolOptions extends MembersOptions {
  readonly waitingMax: number
}

/** Decoder processes, started when needed and kept for the next task. */
export interface DecoderPool {
  /** Runs the task as soon as a process is free. Throws DecoderDied, or OVERLOADED when too many wait. */
  run(task: DecoderTask, options: RunOptions): Promise<DecoderReply>
  /** Runs the task in a process of its own that nothing else meets. */
  runAlone(task: DecoderTask, options: RunOptions): Promise<DecoderReply>
  /** Starts the warm processes, so that the first task does not wait for one. */
  warm(): void
  /** Kills what runs. */
  close(): Promise<void>
}

export function openDecoderPool(options: DecoderPoolOptions): DecoderPool {
  const members = openMembers(options)
  const waiting: (() => void)[] = []
  const closing = new AbortController()
  const trimmer = setInterval(() => members.trim(), TRIM_MS).unref()

  async function take(key: string | null): Promise<Member> {
    for (;;) {
      if (closing.signal.aborted) throw new AppError('SHUTTING_DOWN')
      const member = members.take(key)
      if (member !== null) return member
      if (waiting.length >= options.waitingMax) {
        throw new AppError('OVERLOADED', { retryAfterSeconds: BUSY_RETRY_SECONDS })
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  return {
    async run(task, runOptions) {
      const key = task.kind === 'view' ? task.columnsBlobKey : null
      const member = await take(key)
      try {
        return await member.process.run(task, withEither(runOptions, closing.signal))
      } finally {
        members.giveBack(member, key)
        waiting.shift()?.()
      }
    },
    async runAlone(task, runOptions) {
      const alone = startDecoderProcess(options)
      try {
        return await alone.run(task, withEither(runOptions, closing.signal))
      } finally {
        void alone.close()
      }
    },
    warm: () => members.warm(),
    async close() {
      clearInterval(trimmer)
      closing.abort()
      for (const wake of waiting.splice(0)) wake()
      await members.close()
    },
  }
}

function withEither(options: RunOptions, closing: AbortSignal): RunOptions {
  const { signal } = options
  return { ...options, signal: signal === undefined ? closing : AbortSignal.any([signal, closing]) }
}
