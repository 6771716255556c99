import type { Kysely, Selectable } from 'kysely'
import { decodeTime } from 'ulid'
import { ulidOfKey, type BlobKey, type BlobStore } from '../blobs/blob-store.ts'
import { fromJson } from '../database/from-json.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { Garbage } from '../retention/garbage.ts'
import type { InstallationTable } from '../schema/safety-schema.ts'
import type { Schema } from '../schema/schema.ts'
import { type DeletionStop, type FoundReason, stopText } from './deletion-stop.ts'

export const NAME = 'this'

export type Row = Selectable<InstallationTable>

export interface InstallationNeeds extends SqlStoreOptions {
  readonly blobs: BlobStore
  readonly garbage: Pick<Garbage, 'unknownKeys'>
  /** What an operator runs to accept what was found. */
  readonly acceptCommand: string
}

export async function newestRowAtMs(db: Kysely<Schema>): Promise<number | null> {
  const { atMs } = await db
    .selectFrom('blob')
    .select(({ fn }) => fn.max<number | null>('createdAtMs').as('atMs'))
    .executeTakeFirstOrThrow()
  return atMs
}

export function readRow(db: Kysely<Schema>): Promise<Row> {
  return db
    .selectFrom('installation')
    .selectAll()
    .where('name', '=', NAME)
    .executeTakeFirstOrThrow()
}

export function stopOf({ stopJson }: Row): DeletionStop | null {
  return fromJson(stopJson)
}

export async function update(
  { write }: InstallationNeeds,
  change: Partial<Pick<Row, 'id' | 'mark' | 'stopJson' | 'acceptedAtMs'>>,
): Promise<void> {
  await write((trx) =>
    trx.updateTable('installation').set(change).where('name', '=', NAME).execute(),
  )
}

export function putAtMs(key: BlobKey): number {
  return decodeTime(ulidOfKey(key))
}

export async function setStop(
  needs: InstallationNeeds,
  reason: FoundReason,
  numbers = '',
): Promise<DeletionStop> {
  const sinceMs = needs.now()
  const stop = { reason, text: stopText(reason, numbers, needs.acceptCommand), sinceMs }
  await update(needs, { stopJson: JSON.stringify(stop) })
  return stop
}
