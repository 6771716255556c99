import { decodeTime } from 'ulid'
import { ulidOfKey, type BlobKey } from '../blobs/blob-store.ts'
import { checkBlob } from '../blobs/verify.ts'
import type { FaultOutcome } from '../integrity/integrity.ts'
import type { Store } from '../store.ts'

const KEYS_MAX = 500
const DAY_MS = 24 * 3600 * 1000

type Verified = Pick<Store, 'blobs' | 'garbage' | 'integrity' | 'installation'>

export interface VerifyOptions {
  /** Whether to put back, compute again or move aside what can be; nothing is deleted. */
  readonly repairs: boolean
  readonly nowMs: number
  readonly onProgress: (doneCount: number) => void
}

/**
 * `dangling`: the row's bytes are in the trash alone. `missing`: they are nowhere. `corrupt`: they do
 * not have their hash. `orphaned`: no row refers to these bytes.
 */
export type VerifyFault = 'dangling' | 'missing' | 'corrupt' | 'orphaned'

export interface VerifyReport {
  readonly blobCount: number
  /** With what was done about each; `null` for nothing. */
  readonly faults: readonly {
    readonly key: BlobKey
    readonly fault: VerifyFault
    readonly outcome: FaultOutcome | 'moved' | null
  }[]
  /** Bytes without a row that are younger than a day: of uploads under way, or left by a crash. */
  readonly youngCount: number
}

/** Compares rows and bytes while others use the store. */
export async function verifyStore(store: Verified, options: VerifyOptions): Promise<VerifyReport> {
  const known = await verifyRows(store, options)
  const unknown = await findUnknown(store, options.nowMs)
  const isMoving = options.repairs && (await store.installation.stop()) === null
  for (const key of isMoving ? unknown.orphans : []) {
    await store.blobs.moveToTrash(key, options.nowMs)
  }
  const outcome = isMoving ? ('moved' as const) : null
  return {
    ...known,
    faults: [
      ...known.faults,
      ...unknown.orphans.map((key) => ({ key, fault: 'orphaned' as const, outcome })),
    ],
    youngCount: unknown.youngCount,
  }
}

async function verifyRows(
  { blobs, garbage, integrity }: Verified,
  { repairs, onProgress }: VerifyOptions,
): Promise<Pick<VerifyReport, 'blobCount' | 'faults'>> {
  const trash = await collect(blobs.keysInTrash())
  const faults: VerifyReport['faults'][number][] = []
  let blobCount = 0
  for (let after: BlobKey | null = null; ;) {
    const rows = await integrity.listBlobs(after, KEYS_MAX)
    for (const { key } of rows) {
      blobCount += 1
      onProgress(blobCount)
      const found = await checkBlob(blobs, key)
      // A row that was deleted meanwhile takes its bytes along.
      if (found === null || (await garbage.unknownKeys([key])).length > 0) continue
      const outcome = repairs ? await integrity.report(key, found) : null
      faults.push({
        key,
        fault: found === 'missing' && trash.has(key) ? 'dangling' : found,
        outcome,
      })
    }
    if (rows.length < KEYS_MAX) return { blobCount, faults }
    after = rows.at(-1)?.key ?? null
  }
}

async function findUnknown({ blobs, garbage }: Verified, nowMs: number) {
  const unknown: BlobKey[] = []
  let keys: BlobKey[] = []
  for await (const key of blobs.keysPutBefore(Number.POSITIVE_INFINITY)) {
    keys.push(key)
    if (keys.length < KEYS_MAX) continue
    unknown.push(...(await garbage.unknownKeys(keys)))
    keys = []
  }
  unknown.push(...(await garbage.unknownKeys(keys)))
  const orphans = unknown.filter((key) => decodeTime(ulidOfKey(key)) < nowMs - DAY_MS)
  return { orphans, youngCount: unknown.length - orphans.length }
}

async function collect(keys: AsyncIterable<BlobKey>): Promise<ReadonlySet<BlobKey>> {
  const all = new Set<BlobKey>()
  for await (const key of keys) all.add(key)
  return all
}
