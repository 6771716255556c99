import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isBlobKey, type BlobKey, type BlobStore } from './blob-store.ts'
import { errnoOf, orNull } from './fs-files.ts'

const DAY_MS = 24 * 3600 * 1000

type Trash = Pick<BlobStore, 'moveToTrash' | 'restoreFromTrash' | 'keysInTrash' | 'emptyTrash'>

/** Files `trash/<day>/<key>`, moved there by one rename each, so that a crash loses none. */
export function fsTrash(directory: string, pathOf: (key: BlobKey) => string): Trash {
  const daysOf = async () => ((await orNull(readdir(directory))) ?? []).toSorted()
  const keysOf = async (day: string) =>
    ((await orNull(readdir(join(directory, day)))) ?? []).filter((name) => isBlobKey(name))

  return {
    async moveToTrash(key, nowMs) {
      const day = join(directory, new Date(nowMs).toISOString().slice(0, 10))
      await mkdir(day, { recursive: true, mode: 0o700 })
      await orNull(rename(pathOf(key), join(day, key)))
    },
    async restoreFromTrash(key) {
      for (const day of await daysOf()) {
        const moved = rename(join(directory, day, key), pathOf(key)).then(() => true)
        if ((await orNull(moved)) !== null) return true
      }
      return false
    },
    async *keysInTrash() {
      for (const day of await daysOf()) yield* await keysOf(day)
    },
    async emptyTrash(beforeMs, limit) {
      let count = 0
      for (const day of await daysOf()) {
        // A folder whose name is no day stays: its time is not a number.
        if (!(Date.parse(day) + DAY_MS <= beforeMs)) continue
        for (const key of await keysOf(day)) {
          if (count >= limit) return count
          await rm(join(directory, day, key), { force: true })
          count += 1
        }
        await removeEmpty(join(directory, day))
      }
      return count
    },
  }
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error
  })
}
