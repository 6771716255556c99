import {
  type DecoderProcess,
  type DecoderProcessOptions,
  startDecoderProcess,
} from './decoder-process.ts'

/** After this many tasks a process is replaced, whatever its memory use. */
const TASKS_PER_PROCESS_MAX = 5000
const RECYCLE_BYTES = 512 * 1024 * 1024
const IDLE_MS_MAX = 30_000
const REMEMBERED_MAX = 4

export interface MembersOptions extends DecoderProcessOptions {
  readonly processesMax: number
  /** Number of processes kept when idle. */
  readonly processesWarm: number
}

/** A process of the pool. */
export interface Member {
  readonly process: DecoderProcess
  taskCount: number
  isBusy: boolean
  idleSinceMs: number
  /** Keys of the columns it used last and may still have decoded. */
  remembered: readonly string[]
}

/** The processes of a pool: which are busy, and when one is replaced. */
export interface Members {
  /**
   * Takes an idle process, preferring one that has the key decoded, else a new one; `null` when all
   * are busy. Marks it busy.
   */
  take(key: string | null): Member | null
  /** Marks it idle, or ends it after many tasks or when its memory has grown. */
  giveBack(member: Member, key: string | null): void
  warm(): void
  /** Ends processes that have been idle for long, except the warm ones. */
  trim(): void
  close(): Promise<void>
}

export function openMembers(options: MembersOptions): Members {
  const members = new Set<Member>()

  function start(): Member {
    const member: Member = {
      process: startDecoderProcess(options),
      taskCount: 0,
      isBusy: false,
      idleSinceMs: performance.now(),
      remembered: [],
    }
    members.add(member)
    return member
  }

  function dropDead(): void {
    for (const member of members) {
      if (!member.isBusy && !member.process.isAlive()) members.delete(member)
    }
  }

  function retire(member: Member): void {
    members.delete(member)
    void member.process.close()
  }

  return {
    take(key) {
      dropDead()
      const idle = [...members].filter((member) => !member.isBusy)
      const knowing = idle.find(({ remembered }) => key !== null && remembered.includes(key))
      const free = knowing ?? idle[0] ?? (members.size < options.processesMax ? start() : null)
      if (free !== null) free.isBusy = true
      return free
    },
    giveBack(member, key) {
      member.isBusy = false
      member.idleSinceMs = performance.now()
      member.taskCount += 1
      if (key !== null) {
        const others = member.remembered.filter((one) => one !== key)
        member.remembered = [key, ...others].slice(0, REMEMBERED_MAX)
      }
      dropDead()
      const isSpent =
        member.taskCount >= TASKS_PER_PROCESS_MAX || member.process.memoryBytes() > RECYCLE_BYTES
      if (isSpent && members.has(member)) retire(member)
    },
    warm() {
      while (members.size < options.processesWarm) start()
    },
    trim() {
      dropDead()
      for (const member of members) {
        if (members.size <= options.processesWarm) return
        const isOld = performance.now() - member.idleSinceMs > IDLE_MS_MAX
        if (!member.isBusy && isOld) retire(member)
      }
    },
    async close() {
      await Promise.all([...members].map((member) => member.process.close()))
    },
  }
}
