import { AppError } from '../../api/index.ts'
import type { BlobKey } from '../../store/index.ts'
import { type Member, type MembersOptions, openMembers } from './decoder-members.ts'
import { type DecoderProcess, startDecoderProcess } from './decoder-process.ts'

const TRIM_MS = 10_000
const BUSY_RETRY_SECONDS = 2

export interface DecoderPoolOptions extends MembersOptions {
  readonly waitingMax: number
}

/** Decoder processes, started when needed and kept for the next task. */
export interface DecoderPool {
  /**
   * Takes a started process as soon as one is free, preferring one that has the profile of this blob decoded.
   * Throws OVERLOADED when too many callers wait, SHUTTING_DOWN, or DecoderDied when it did not
   * start.
   */
  take(key: BlobKey | null): Promise<Decoder>
  /** Takes a new process that runs only this task and ends when released. */
  takeAlone(): Promise<Decoder>
  /** Starts the warm processes, so that the first task does not wait for one. */
  warm(): void
  /** Kills all processes. */
  close(): Promise<void>
}

/** A process that a caller has taken. */
export interface Decoder {
  readonly run: DecoderProcess['run']
  /** Must be called exactly once, after the task or instead of it. */
  giveBack(): void
}

export function openDecoderPool(options: DecoderPoolOptions): DecoderPool {
  const members = openMembers(options)
  const waiting: (() => void)[] = []
  const closing = new AbortController()
  const trimmer = setInterval(() => members.trim(), TRIM_MS).unref()

  async function takeMember(key: BlobKey | null): Promise<Member> {
    for (;;) {
      throwIfClosing()
      const member = members.take(key)
      if (member !== null) return member
      if (waiting.length >= options.waitingMax) {
        throw new AppError('OVERLOADED', { retryAfterSeconds: BUSY_RETRY_SECONDS })
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function throwIfClosing(): void {
    if (closing.signal.aborted) throw new AppError('SHUTTING_DOWN')
  }

  async function comeUp(process: DecoderProcess, giveBack: () => void): Promise<Decoder> {
    try {
      await process.ready()
    } catch (error) {
      giveBack()
      throw error
    }
    const run: Decoder['run'] = (task, { msMax, signal }) =>
      process.run(task, { msMax, signal: eitherOf(signal, closing.signal) })
    return { run, giveBack }
  }

  return {
    async take(key) {
      const member = await takeMember(key)
      return comeUp(member.process, () => {
        members.giveBack(member, key)
        waiting.shift()?.()
      })
    },
    async takeAlone() {
      throwIfClosing()
      const alone = startDecoderProcess(options)
      return comeUp(alone, () => void alone.close())
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

function eitherOf(signal: AbortSignal | undefined, closing: AbortSignal): AbortSignal {
  return signal === undefined ? closing : AbortSignal.any([signal, closing])
}
