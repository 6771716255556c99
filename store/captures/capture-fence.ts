import type { Transaction, UpdateObject } from 'kysely'
import type { ClaimedCapture } from './capture-store.ts'
import type { Schema } from '../schema/schema.ts'

/**
 * Whether the claim still holds the capture. It writes the row, so that an end of the capture at the same time collides
 * with what else this transaction writes.
 */
export function isCaptureHeld(trx: Transaction<Schema>, claim: ClaimedCapture): Promise<boolean> {
  return updateHeldCapture(trx, claim, { leaseToken: claim.leaseToken })
}

/** False when the lease was lost to another. */
export async function updateHeldCapture(
  trx: Transaction<Schema>,
  { id, leaseToken }: ClaimedCapture,
  change: UpdateObject<Schema, 'capture'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('capture')
    .set(change)
    .where('id', '=', id)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
