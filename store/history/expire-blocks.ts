import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { Schema } from '../schema/schema.ts'

/** Deletes the rows of blocks that are too old, and those of the profiles in them. */
export async function expireBlocks(
  trx: Transaction<Schema>,
  beforeMs: number,
  limit: number,
): Promise<readonly BlobKey[]> {
  const blocks = await trx
    .selectFrom('historyBlock')
    .select(['id', 'blobId'])
    .where('lastMs', '<', beforeMs)
    .orderBy('lastMs')
    .limit(limit)
    .execute()
  if (blocks.length === 0) return []
  const ids = blocks.map(({ id }) => id)
  const keys = blocks.map(({ blobId }) => blobId)
  // Of profiles whose files are there a row stays, so that they do not enter again.
  await trx
    .updateTable('historyProfile')
    .set({ state: 'expired', blockId: null })
    .where('blockId', 'in', ids)
    .where('profileId', 'in', (query) => query.selectFrom('profile').select('profile.id'))
    .execute()
  await trx.deleteFrom('historyProfile').where('blockId', 'in', ids).execute()
  await trx.deleteFrom('historyBlock').where('id', 'in', ids).execute()
  await trx.deleteFrom('blob').where('id', 'in', keys).execute()
  return keys
}
