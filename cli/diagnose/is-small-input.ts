import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What V8's optimising compilers cost is not won back by judging files up to this total size (docs/start-up.md). */
const SMALL_BYTES_MAX = 512 * 1024

/** Whether the files of these paths are small together. False where that is not seen at once: `-`, folders in folders. */
export function isSmallInput(paths: readonly string[]): boolean {
  let sizeBytes = 0
  for (const path of paths) {
    sizeBytes += sizeOf(path)
    if (sizeBytes > SMALL_BYTES_MAX) return false
  }
  return true
}

/** In bytes; infinite if it is not known. */
function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile()) return stats.size
  if (!stats?.isDirectory()) return Infinity
  const sizes = readdirSync(path).map((name) =>
    statSync(join(path, name), { throwIfNoEntry: false }),
  )
  return sizes.reduce((sum, file) => sum + (file?.isFile() ? file.size : Infinity), 0)
}
