import type { Transaction, UpdateObject } from 'kysely'
import type { ClaimedCapture } from './capture-store.ts'
import type { Schema } from '../schema/schema.ts'

/** Whether the claim still holds the capture. A write in the same transaction is safe then. */
export async function isCaptureHeld(
  trx: Transaction<Schema>,
  { id, leaseToken }: ClaimedCapture,
): Promise<boolean> {
  const row = await trx
    .selectFrom('capture')
    .select('id')
    .where('id', '=', id)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirst()
  return row !== undefined
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
