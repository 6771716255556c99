import type { BlobKey } from '../blobs/blob-store.ts'
import { faultOf, type BlobFault } from '../blobs/verify.ts'
import type { Store } from '../store.ts'

const KEYS_MAX = 500
/** Blobs copied at once: an object store answers each only after a while. */
const CONCURRENCY = 8
/** Deletion in the source is stopped for this long, and again as the copy goes on. */
const PAUSE_MS = 5 * 60_000
const PAUSE_AGAIN_MS = 60_000

type Copied = Pick<Store, 'rows' | 'blobs' | 'garbage' | 'integrity' | 'installation'>

export interface CopyOptions {
  readonly from: Copied
  /** Its rows are replaced. Blobs that it has already are not copied again. */
  readonly to: Copied
  readonly onProgress: (progress: CopyProgress) => void
  readonly nowMs: number
}

export interface CopyProgress {
  readonly doneCount: number
  readonly copiedCount: number
  readonly copiedBytes: number
}

export interface CopyReport extends CopyProgress {
  readonly rowCount: number
  /** Blobs that the source does not have whole; their rows are marked in the copy. */
  readonly faulty: readonly { readonly key: BlobKey; readonly fault: BlobFault }[]
  /** Blobs of an earlier copy that no row refers to now; they were moved to the trash of the copy. */
  readonly removedCount: number
}

/**
 * Copies all rows of one moment, then the blobs that they refer to, each verified by its hash. Can be
 * repeated after a crash, and to bring a copy up to date. Until it is complete, nothing is deleted in
 * the copy; meanwhile nothing is deleted in the source, so that no row of the copy lacks its bytes.
 */
export async function copyStore({ from, to, onProgress, nowMs }: CopyOptions): Promise<CopyReport> {
  const pause = () => from.installation.pauseDeletion(PAUSE_MS)
  await pause()
  const again = setInterval(() => void pause().catch(() => undefined), PAUSE_AGAIN_MS)
  try {
    await to.installation.startCopy()
    const identity = await from.installation.identity()
    const rowCount = await from.rows.read((batches) => to.rows.replaceAll(batches))
    const copied = await copyBlobs(from, to, onProgress)
    for (const { key, fault } of copied.faulty) await to.integrity.report(key, fault)
    const removedCount = await removeUnknown(to, nowMs)
    await to.installation.finishCopy(identity)
    return { ...copied, rowCount, removedCount }
  } finally {
    clearInterval(again)
    await from.installation.resumeDeletion()
  }
}

async function copyBlobs(from: Copied, to: Copied, onProgress: CopyOptions['onProgress']) {
  const progress = { doneCount: 0, copiedCount: 0, copiedBytes: 0 }
  const faulty: CopyReport['faulty'][number][] = []
  const copyOne = async ({ key, sizeBytes }: { key: BlobKey; sizeBytes: number }) => {
    if ((await to.blobs.sizeOf(key)) !== sizeBytes) {
      const fault = await copyBlob(from, to, key)
      if (fault === null) {
        progress.copiedCount += 1
        progress.copiedBytes += sizeBytes
      } else faulty.push({ key, fault })
    }
    progress.doneCount += 1
    onProgress(progress)
  }
  for (let after: BlobKey | null = null; ;) {
    const rows = await to.integrity.listBlobs(after, KEYS_MAX)
    const waiting = rows.values()
    const copyNext = async () => {
      for (const row of waiting) await copyOne(row)
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, copyNext))
    if (rows.length < KEYS_MAX) return { ...progress, faulty }
    after = rows.at(-1)?.key ?? null
  }
}

async function copyBlob(from: Copied, to: Copied, key: BlobKey): Promise<BlobFault | null> {
  try {
    const bytes = await from.blobs.stream(key)
    if (bytes === null) return 'missing'
    await to.blobs.putAs(key, bytes)
    return null
  } catch (error) {
    const found = faultOf(error)
    if (found === null) throw error
    return found.fault
  }
}

async function removeUnknown({ blobs, garbage }: Copied, nowMs: number): Promise<number> {
  let count = 0
  let keys: BlobKey[] = []
  const remove = async () => {
    for (const key of await garbage.unknownKeys(keys)) {
      await blobs.moveToTrash(key, nowMs)
      count += 1
    }
    keys = []
  }
  for await (const key of blobs.keysPutBefore(Number.POSITIVE_INFINITY)) {
    keys.push(key)
    if (keys.length === KEYS_MAX) await remove()
  }
  await remove()
  return count
}
