import { readdirSync, readFileSync } from 'node:fs'

/** The unit of /proc/PID/stat on Linux. */
const TICK_MS = 10
/** Of the fields after the name of the command. */
const USER_FIELD = 11

/** Processor time in milliseconds of a process of its own, and of all processes below it, ended ones as well. */
export interface ProcessorTimes {
  readonly ownMs: number
  readonly childrenMs: number
}

/** Zeros without /proc. */
export function processorTimesOf(pid: number): ProcessorTimes {
  const [user = 0, system = 0, ...ended] = timesOf(pid)
  const living = childrenOf(pid).map((child) => {
    const { ownMs, childrenMs } = processorTimesOf(child)
    return ownMs + childrenMs
  })
  return {
    ownMs: (user + system) * TICK_MS,
    childrenMs: sumOf(ended) * TICK_MS + sumOf(living),
  }
}

/** What a process is for, and a text in its command line: the first that is found counts. */
const PURPOSES = [
  ['decoders', 'decoder'],
  ['servers', '\0serve\0'],
  ['workers', '\0work\0'],
  ['collector', '\0collect\0'],
  ['Postgres', 'postgres'],
  ['S3', 'versitygw'],
  ['Redis', 'redis-server'],
] as const
export const PROCESS_PURPOSES: readonly string[] = PURPOSES.map(([purpose]) => purpose)

/** Processor time in milliseconds of a process and all below it, by purpose; ended ones count as their parents do. */
export function processorTimesByPurpose(pid: number): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const one of [pid, ...descendantsOf(pid)]) {
    const purpose = purposeOf(one)
    times.set(purpose, (times.get(purpose) ?? 0) + sumOf(timesOf(one)) * TICK_MS)
  }
  return times
}

function purposeOf(pid: number): string {
  const line = commandLineOf(pid)
  return PURPOSES.find(([, text]) => line.includes(text))?.[0] ?? 'other'
}

/** Its arguments, each with a zero byte after it; empty for one that has ended. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** User and system time in ticks: its own, then that of its ended children. */
function timesOf(pid: number): readonly number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(USER_FIELD, USER_FIELD + 4).map(Number)
  } catch {
    return []
  }
}

/** All processes below it. */
export function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    )
  } catch {
    return []
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
