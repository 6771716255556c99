import type { Kysely, Transaction } from 'kysely'
import type { Batch } from '../database/together.ts'
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
  batch: Batch,
  { id, subjectId, atMs, measured: { levels, version, hours } }: Measured,
): Promise<void> {
  const { db, send } = batch
  if (levels !== null) {
    send(
      db
        .insertInto('baselineCapture')
        .values({ id, subjectId, atMs, version, levels })
        .onConflict((conflict) =>
          conflict
            .column('id')
            .doUpdateSet({ subjectId, atMs, version, levels })
            .where('baselineCapture.levels', 'is not', null),
        ),
    )
  }
  for (const hour of hours) await foldHour(batch, subjectId, hour)
  if (hours.length === 0) return
  for (const deletion of deletionsOfLevels(db, subjectId, atMs - KEPT_MS)) send(deletion)
}

async function foldHour(
  { db, run, send }: Batch,
  subjectId: string,
  { captureIds, atMs: hourMs, version, levels }: FoldedHour,
): Promise<void> {
  const free = await run(
    db
      .selectFrom('baselineCapture')
      .select('id')
      .where('id', 'in', captureIds)
      .where('levels', 'is not', null),
  )
  if (free.length < captureIds.length) return
  send(db.updateTable('baselineCapture').set({ levels: null }).where('id', 'in', captureIds))
  send(
    db
      .insertInto('baselineHour')
      .values({ subjectId, hourMs, version, levels })
      .onConflict((conflict) =>
        conflict.columns(['subjectId', 'hourMs']).doUpdateSet({ version, levels }),
      ),
  )
}

/** Forgets what a process measured before a time. Returns the number of rows. */
export async function forgetLevels(
  trx: Transaction<Schema>,
  subjectId: string,
  beforeMs: number,
): Promise<number> {
  let count = 0
  for (const deletion of deletionsOfLevels(trx, subjectId, beforeMs)) {
    count += Number((await deletion.executeTakeFirstOrThrow()).numDeletedRows)
  }
  return count
}

function deletionsOfLevels(db: Kysely<Schema>, subjectId: string, beforeMs: number) {
  return [
    db
      .deleteFrom('baselineCapture')
      .where('subjectId', '=', subjectId)
      .where('atMs', '<', beforeMs),
    db.deleteFrom('baselineHour').where('subjectId', '=', subjectId).where('hourMs', '<', beforeMs),
  ]
}

/** Forgets what a capture measured that was deleted by hand; an hour that holds it keeps it. */
export function dropLevels({ db, send }: Batch, id: string): void {
  send(db.deleteFrom('baselineCapture').where('id', '=', id))
}
