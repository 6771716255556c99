import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'

interface Pause {
  readonly table: 'target' | 'schedule'
  readonly name: string
  readonly isPaused: boolean
}

/**
 * Pausing deletes the slots. Resuming creates new slots in the future; a target is discovered
 * first.
 */
export async function setPaused(
  trx: Transaction<Schema>,
  { table, name, isPaused }: Pause,
  nowMs: number,
): Promise<boolean> {
  const known = await trx
    .selectFrom(table)
    .select('pausedAtMs')
    .where('name', '=', name)
    .executeTakeFirst()
  if (known === undefined) return false
  if ((known.pausedAtMs !== null) === isPaused) return true
  const pausedAtMs = isPaused ? nowMs : null
  const isDiscovered = table === 'target' && !isPaused
  await trx
    .updateTable(table)
    .set(isDiscovered ? { pausedAtMs, discoverAtMs: nowMs } : { pausedAtMs })
    .where('name', '=', name)
    .execute()
  await trx.deleteFrom('slot').where(table, '=', name).execute()
  return true
}
