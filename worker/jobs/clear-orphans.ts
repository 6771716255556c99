import type { BlobKey, Store } from '../../store/index.ts'

const KEYS_MAX = 500

export interface OrphanNeeds {
  readonly store: Pick<Store, 'blobs' | 'garbage' | 'installation'>
  /** A blob put after this time may be of an upload under way. */
  readonly beforeMs: number
  readonly nowMs: number
  /** How many are moved at most. */
  readonly limit: number
}

/** `isAll`: no more are to be moved. */
export interface MovedOrphans {
  readonly count: number
  readonly isAll: boolean
}

/**
 * Moves blobs that no row refers to into the trash: those whose row was never written and those that
 * a crash left after their row was deleted. Moves none when they are so many that rows must be
 * missing; the installation then has a stop.
 */
export async function moveOrphans({
  store,
  beforeMs,
  nowMs,
  limit,
}: OrphanNeeds): Promise<MovedOrphans> {
  const { orphans, blobCount } = await findOrphans(store, beforeMs)
  if (orphans.length === 0) return { count: 0, isAll: true }
  if ((await store.installation.judgeOrphans(orphans, blobCount)) !== null) {
    return { count: 0, isAll: true }
  }
  const moved = orphans.slice(0, limit)
  for (const key of moved) await store.blobs.moveToTrash(key, nowMs)
  return { count: moved.length, isAll: moved.length === orphans.length }
}

async function findOrphans(
  { blobs, garbage }: OrphanNeeds['store'],
  beforeMs: number,
): Promise<{ readonly orphans: readonly BlobKey[]; readonly blobCount: number }> {
  const orphans: BlobKey[] = []
  let blobCount = 0
  let keys: BlobKey[] = []
  const ask = async () => {
    orphans.push(...(await garbage.unknownKeys(keys)))
    blobCount += keys.length
    keys = []
  }
  for await (const key of blobs.keysPutBefore(beforeMs)) {
    keys.push(key)
    if (keys.length === KEYS_MAX) await ask()
  }
  await ask()
  return { orphans, blobCount }
}
