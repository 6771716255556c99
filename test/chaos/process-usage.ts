import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  readonly memoryMb: number
  readonly fileCount: number
}

/** Of these processes: memory that is theirs alone and their part of what is shared, and open files. */
export function usageOf(pids: readonly number[]): Usage {
  let memoryMb = 0
  let fileCount = 0
  for (const pid of pids) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      memoryMb += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024
      fileCount += readdirSync(`/proc/${pid}/fd`).length
    } catch {
      // A decoder that has just ended.
    }
  }
  return { memoryMb, fileCount }
}
