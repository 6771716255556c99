import { readdirSync, readFileSync } from 'node:fs'
import { liveMbOf } from './live-memory.ts'

/** The processes by what they do. */
export type Roles = Readonly<Record<string, readonly number[]>>

/** What a process uses. */
export interface Usage {
  /** Memory that is its own, and its part of what is shared. */
  readonly memoryMb: number
  readonly fileCount: number
}

/** What it uses right after its garbage was collected. */
export interface SettledUsage extends Usage {
  /** What it refers to: objects, and buffers outside of the heap. */
  readonly liveMb: number
}

/** What is under way only adds, and the least of these has none of it. Code of the start goes after a dozen collections. */
const COLLECTIONS = 8

/** `null` where the process has ended. */
export function usageOf(pid: number): Usage | null {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const memoryMb = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024
    return { memoryMb, fileCount: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return null
  }
}

/** By role: what is left of a process's use when its garbage is collected, the median of the processes. */
export async function settledUsage(
  processes: () => Roles,
): Promise<ReadonlyMap<string, SettledUsage>> {
  const least = new Map<string, Map<number, SettledUsage>>()
  for (let round = 0; round < COLLECTIONS; round++) {
    for (const [role, pids] of Object.entries(processes())) {
      const ofRole = least.get(role) ?? new Map<number, SettledUsage>()
      least.set(role, ofRole)
      for (const pid of pids) {
        const usage = await collectedUsage(pid)
        if (usage !== null) ofRole.set(pid, lesserOf(usage, ofRole.get(pid) ?? usage))
      }
    }
  }
  return new Map([...least].map(([role, ofRole]) => [role, medianOf([...ofRole.values()])]))
}

async function collectedUsage(pid: number): Promise<SettledUsage | null> {
  const liveMb = await liveMbOf(pid)
  const usage = usageOf(pid)
  return liveMb === null || usage === null ? null : { liveMb, ...usage }
}

function lesserOf(one: SettledUsage, other: SettledUsage): SettledUsage {
  return {
    liveMb: Math.min(one.liveMb, other.liveMb),
    memoryMb: Math.min(one.memoryMb, other.memoryMb),
    fileCount: Math.min(one.fileCount, other.fileCount),
  }
}

function medianOf(usages: readonly SettledUsage[]): SettledUsage {
  const median = (pick: (usage: SettledUsage) => number) => {
    const values = usages.map(pick).sort((a, b) => a - b)
    const middle = values.slice(
      Math.floor((values.length - 1) / 2),
      Math.floor(values.length / 2) + 1,
    )
    return middle.reduce((sum, value) => sum + value, 0) / middle.length
  }
  return {
    liveMb: median(({ liveMb }) => liveMb),
    memoryMb: median(({ memoryMb }) => memoryMb),
    fileCount: median(({ fileCount }) => fileCount),
  }
}
