import type { Transaction } from 'kysely'
import { spanOfProfiles } from '../../api/index.ts'
import { fromJson } from '../database/from-json.ts'
import type { ProfileFacts } from '../profiles/profile-store.ts'
import type { Schema } from '../schema/schema.ts'

/**
 * A capture that was taken elsewhere and does not declare when has the times of its profiles. A declared begin stays, and the
 * end is as long after it as the profiles took, because their clock may be another.
 */
export async function takeTimesOfProfiles(
  trx: Transaction<Schema>,
  captureId: string,
): Promise<void> {
  const undated = await trx
    .selectFrom('capture')
    .select('startedAtMs')
    .where('id', '=', captureId)
    .where('dedupeKey', 'is not', null)
    .where('finishedAtMs', 'is', null)
    .executeTakeFirst()
  if (undated === undefined) return
  const rows = await trx
    .selectFrom('profile')
    .innerJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .select('analysis.factsJson')
    .where('profile.captureId', '=', captureId)
    .where('profile.deletedAtMs', 'is', null)
    .execute()
  const facts = rows.map(({ factsJson }): ProfileFacts | null => fromJson(factsJson))
  const span = spanOfProfiles(facts.filter((one) => one !== null))
  if (span === null) return
  const startedAtMs = undated.startedAtMs ?? span.fromMs
  const finishedAtMs = span.tookMs === null ? null : startedAtMs + span.tookMs
  await trx
    .updateTable('capture')
    .set({ startedAtMs, finishedAtMs })
    .where('id', '=', captureId)
    .execute()
}
