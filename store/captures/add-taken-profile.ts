import type { Transaction } from 'kysely'
import { AppError } from '../../api/index.ts'
import { insertProfile } from '../profiles/insert-profile.ts'
import type { AddedProfile, NewProfile } from '../profiles/profile-store.ts'
import { findDuplicate, foundProfile } from '../profiles/sql-profile-store.ts'
import type { Schema } from '../schema/schema.ts'
import { isCaptureHeld } from './capture-fence.ts'
import type { CapturePlace } from './capture-store.ts'
import { insertCaptureFile } from './insert-capture.ts'

/** Adds a profile that a collector has just taken, as a file of its capture. Throws CAPTURE_FINISHED. */
export async function addTakenProfile(
  trx: Transaction<Schema>,
  { claim, ...place }: CapturePlace,
  added: NewProfile,
): Promise<AddedProfile> {
  const known = await findDuplicate(trx, added.dedupeKey)
  if (known !== null) return known
  if (!(await isCaptureHeld(trx, claim))) {
    throw new AppError('CAPTURE_FINISHED', {
      message: 'The capture is finished, or another collector is taking it.',
    })
  }
  const { space } = await trx
    .selectFrom('capture')
    .select('space')
    .where('id', '=', claim.id)
    .executeTakeFirstOrThrow()
  const source = { ...added.source, space }
  const { id, analysisId } = await insertProfile(trx, { ...added, source, captureId: claim.id })
  const file = { ...place, blob: added.blob, profileId: id }
  await insertCaptureFile(trx, claim.id, file, added.receivedAtMs)
  return { profile: await foundProfile(trx, id), analysisId, isDuplicate: false }
}
