import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { FoldedHour, MeasuredLevels } from './baseline-rows.ts'

const KEPT_MS = 36 * 24 * 3600 * 1000

interface Measured {
  /** Of the capture or the profile. */
  readonly id: string
  readonly subjectId: string
  readonly atMs: number
  readonly measured: MeasuredLevels
}

/**
 * Enters what a capture measured into what is known of its process. Entering it again replaces what it said before, until
 * it is part of its hour. The row of the subject must be held: of two workers that fold an hour one comes second, and
 * finds its captures taken.
 */
export async function enterLevels(
  trx: Transaction<Schema>,
  { id, subjectId, atMs, measured: { levels, version, hours } }: Measured,
): Promise<void> {
  if (levels !== null) {
    await trx
      .insertInto('baselineCapture')
      .values({ id, subjectId, atMs, version, levels })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ subjectId, atMs, version, levels })
          .where('baselineCapture.levels', 'is not', null),
      )
      .execute()
  }
  for (const hour of hours) await foldHour(trx, subjectId, hour)
  if (hours.length > 0) await forgetLevels(trx, subjectId, atMs - KEPT_MS)
}

async function foldHour(
  trx: Transaction<Schema>,
  subjectId: string,
  { captureIds, atMs: hourMs, version, levels }: FoldedHour,
): Promise<void> {
  const free = await trx
    .selectFrom('baselineCapture')
    .select('id')
    .where('id', 'in', captureIds)
    .where('levels', 'is not', null)
    .execute()
  if (free.length < captureIds.length) return
  await trx
    .updateTable('baselineCapture')
    .set({ levels: null })
    .where('id', 'in', captureIds)
    .execute()
  await trx
    .insertInto('baselineHour')
    .values({ subjectId, hourMs, version, levels })
    .onConflict((conflict) =>
      conflict.columns(['subjectId', 'hourMs']).doUpdateSet({ version, levels }),
    )
    .execute()
}

/** Forgets what a process measured before a time. Returns the number of rows. */
export async function forgetLevels(
  trx: Transaction<Schema>,
  subjectId: string,
  beforeMs: number,
): Promise<number> {
  const captures = await trx
    .deleteFrom('baselineCapture')
    .where('subjectId', '=', subjectId)
    .where('atMs', '<', beforeMs)
    .executeTakeFirstOrThrow()
  const hours = await trx
    .deleteFrom('baselineHour')
    .where('subjectId', '=', subjectId)
    .where('hourMs', '<', beforeMs)
    .executeTakeFirstOrThrow()
  return Number(captures.numDeletedRows + hours.numDeletedRows)
}

/** Forgets what a capture measured that was deleted by hand; an hour that holds it keeps it. */
export async function dropLevels(trx: Transaction<Schema>, id: string): Promise<void> {
  await trx.deleteFrom('baselineCapture').where('id', '=', id).execute()
}
