import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'

interface Pin {
  readonly table: 'profile' | 'capture'
  readonly id: string
  /** Null unpins it. */
  readonly pinnedAtMs: number | null
}

/** Returns whether it is there. */
export async function setPinned(
  trx: Transaction<Schema>,
  { table, id, pinnedAtMs }: Pin,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable(table)
    .set({ pinnedAtMs })
    .where('id', '=', id)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
