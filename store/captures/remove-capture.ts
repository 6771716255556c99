import type { Transaction } from 'kysely'
import { UNTAKEN } from './capture-endings.ts'
import { dropFindings } from '../findings/enter-findings.ts'
import { dropFromHistory } from '../profiles/enter-history.ts'
import { isSharedBy } from '../profiles/sql-link-store.ts'
import type { Schema } from '../schema/schema.ts'

/** Marks a capture and its profiles as deleted, unless a valid link shares one of them. */
export async function removeCapture(
  trx: Transaction<Schema>,
  id: string,
  nowMs: number,
): Promise<'removed' | 'shared' | null> {
  const capture = await trx
    .selectFrom('capture')
    .select('id')
    .where('id', '=', id)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (capture === undefined) return null
  const link = await trx
    .selectFrom('link')
    .innerJoin('profile', (join) => join.on(isSharedBy))
    .select('link.id')
    .where('profile.captureId', '=', id)
    .where('profile.deletedAtMs', 'is', null)
    .where('link.revokedAtMs', 'is', null)
    .where('link.expiresAtMs', '>', nowMs)
    .executeTakeFirst()
  if (link !== undefined) return 'shared'
  // Takes the lease away from the collector that is taking it.
  await trx
    .updateTable('capture')
    .set({ ...UNTAKEN, deletedAtMs: nowMs })
    .where('id', '=', id)
    .execute()
  await trx
    .updateTable('profile')
    .set({ deletedAtMs: nowMs })
    .where('captureId', '=', id)
    .where('deletedAtMs', 'is', null)
    .execute()
  return 'removed'
}

/** As `removeCapture`, and its profiles leave history too. What retention removes stays there. */
export async function removeForGood(
  trx: Transaction<Schema>,
  id: string,
  nowMs: number,
): Promise<'removed' | 'shared' | null> {
  const outcome = await removeCapture(trx, id, nowMs)
  if (outcome !== 'removed') return outcome
  const profiles = await trx
    .selectFrom('profile')
    .select('id')
    .where('captureId', '=', id)
    .execute()
  await dropFromHistory(
    trx,
    profiles.map((profile) => profile.id),
    nowMs,
  )
  await dropFindings(trx, [id])
  return outcome
}
