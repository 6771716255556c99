import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import { inParts } from '../database/in-parts.ts'
import { newId } from '../id.ts'
import { newBlobRow } from '../schema/new-blob-row.ts'
import type { Schema } from '../schema/schema.ts'
import type { HistoryBlock, PackedBlock, PackingClaim } from './history-rows.ts'

/** Holds the group until then. */
export async function takeLease(
  trx: Transaction<Schema>,
  groupId: string,
  leaseUntilMs: number,
): Promise<string> {
  const leaseToken = newId()
  await trx
    .updateTable('historyGroup')
    .set({ leaseToken, leaseUntilMs })
    .where('id', '=', groupId)
    .execute()
  return leaseToken
}

/** Returns whether the claim was held until now. */
export async function releasePacking(
  trx: Transaction<Schema>,
  { groupId, leaseToken }: Pick<PackingClaim, 'groupId' | 'leaseToken'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('historyGroup')
    .set({ leaseToken: null, leaseUntilMs: 0 })
    .where('id', '=', groupId)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Deletes the rows of blocks. Returns the keys of their blobs. */
export async function deleteBlocks(
  trx: Transaction<Schema>,
  blocks: readonly Pick<HistoryBlock, 'id' | 'blobKey'>[],
): Promise<readonly BlobKey[]> {
  const keys = blocks.map(({ blobKey }) => blobKey)
  const ids = blocks.map(({ id }) => id)
  await inParts(ids, (some) => trx.deleteFrom('historyBlock').where('id', 'in', some).execute())
  await inParts(keys, (some) => trx.deleteFrom('blob').where('id', 'in', some).execute())
  return keys
}

/** Inserts a block of a day, or of a month. Returns its id. */
export async function insertBlock(
  trx: Transaction<Schema>,
  { block, ...place }: BlockPlace & { readonly block: PackedBlock },
  nowMs: number,
): Promise<string> {
  const { blob, profileIds: _, ...described } = block
  const { key, sizeBytes } = blob
  const id = newId()
  await trx
    .insertInto('blob')
    .values(newBlobRow(blob, 'block', nowMs))
    .execute()
  await trx
    .insertInto('historyBlock')
    .values({ ...described, ...place, id, blobId: key, sizeBytes })
    .execute()
  return id
}

interface BlockPlace {
  readonly groupId: string
  readonly dayMs: number
  readonly isWholeDay: number
}
