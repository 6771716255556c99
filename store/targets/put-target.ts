import type { Transaction } from 'kysely'
import type { Schema } from '../sqlite/schema.ts'
import type { TargetDefinition } from './target-store.ts'

interface PutTarget {
  readonly definition: TargetDefinition
  readonly origin: 'file' | 'web'
}

/** Makes it the target of its name. One that changed is discovered anew; one that did not is left as it is. */
export async function putTarget(
  trx: Transaction<Schema>,
  { definition, origin }: PutTarget,
  nowMs: number,
): Promise<void> {
  const { name, kind, cluster } = definition
  const definitionJson = JSON.stringify(definition)
  const known = await trx
    .selectFrom('target')
    .select(['definitionJson', 'origin'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (known?.definitionJson === definitionJson && known.origin === origin) return
  const values = { kind, cluster, origin, definitionJson, discoverAtMs: nowMs, troubleJson: null }
  if (known === undefined) {
    await trx
      .insertInto('target')
      .values({ name, ...NEW_TARGET, ...values })
      .execute()
  } else {
    await trx.updateTable('target').set(values).where('name', '=', name).execute()
    await trx.deleteFrom('targetSchedule').where('target', '=', name).execute()
  }
  if (definition.schedules.length === 0) return
  const rows = [...new Set(definition.schedules)].map((schedule) => ({ target: name, schedule }))
  await trx.insertInto('targetSchedule').values(rows).execute()
}

const NEW_TARGET = {
  pausedAtMs: null,
  discoveredAtMs: null,
  note: null,
  testAskedAtMs: null,
  testClaimedAtMs: null,
  testedAtMs: null,
  testJson: null,
} as const
