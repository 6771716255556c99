import type { Kysely, Transaction } from 'kysely'
import { isLookedAt, type Look, type Looked, lookAt, type LookedAt } from '../database/look.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { together } from '../database/together.ts'
import { enterHistory, findHistoryPlace } from '../profiles/enter-history.ts'
import type { ProfileFacts, ProfileSource } from '../profiles/profile-store.ts'
import type { Schema } from '../schema/schema.ts'

/** Enters those of the next profiles that are ready and were stored before there was a history. */
export function addMissing({ db, write, now }: SqlStoreOptions, look: Look): Promise<Looked> {
  return lookAt(db, 'profile', look, {
    find: (rows) => missingQuery(db, rows).limit(1).execute(),
    change: (rows) => write((trx) => enterMissing(trx, rows, now())),
  })
}

export function missingQuery(db: Kysely<Schema>, rows: LookedAt) {
  return db
    .selectFrom('profile')
    .innerJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .leftJoin('capture', 'capture.id', 'profile.captureId')
    .leftJoin('historyProfile', 'historyProfile.profileId', 'profile.id')
    .select([
      'profile.id',
      'profile.space',
      'profile.sourceJson',
      'profile.receivedAtMs',
      'capture.startedAtMs as captureStartedAtMs',
      'analysis.factsJson',
      'analysis.decoderVersion',
    ])
    .where(isLookedAt('profile', rows))
    .where('historyProfile.profileId', 'is', null)
    .where('profile.target', 'is not', null)
    .where('profile.deletedAtMs', 'is', null)
    .where('analysis.state', '=', 'ready')
    .where('analysis.factsJson', 'is not', null)
    .orderBy('profile.id')
}

async function enterMissing(
  trx: Transaction<Schema>,
  looked: LookedAt,
  nowMs: number,
): Promise<number> {
  const rows = await missingQuery(trx, looked).execute()
  for (const row of rows) {
    const source: ProfileSource = JSON.parse(row.sourceJson)
    const facts: ProfileFacts = JSON.parse(row.factsJson ?? '')
    const { id: profileId } = row
    const decoderVersion = row.decoderVersion ?? ''
    const entering = { ...row, profileId, source, facts, decoderVersion }
    await together(trx, async (batch) => {
      const place = await findHistoryPlace(batch, entering)
      if (place !== null) await enterHistory(batch, place, entering, nowMs)
    })
  }
  return rows.length
}

/** Has every profile whose file is there read again, and count as it is until then. What only history knows stays. */
export async function rebuild(trx: Transaction<Schema>, nowMs: number): Promise<number> {
  const live = () =>
    trx.selectFrom('profile').select('profile.id').where('profile.deletedAtMs', 'is', null)
  const stale = await trx
    .updateTable('historyProfile')
    .set({ state: 'stale', changedAtMs: nowMs })
    .where('state', '=', 'packed')
    .where('profileId', 'in', live())
    .executeTakeFirst()
  const retried = await trx
    .updateTable('historyProfile')
    .set({ state: 'pending', changedAtMs: nowMs })
    .where('state', '=', 'failed')
    .where('profileId', 'in', live())
    .executeTakeFirst()
  return Number(stale.numUpdatedRows + retried.numUpdatedRows)
}
