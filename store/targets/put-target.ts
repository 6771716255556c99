import type { Transaction } from 'kysely'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import type { TargetDefinition } from './target-store.ts'

interface PutTarget {
  readonly definition: TargetDefinition
  readonly origin: 'file' | 'web'
}

/**
 * Inserts or updates the target of this name. A changed target is discovered again; an unchanged
 * one is left as it is.
 */
export async function putTarget(
  trx: Transaction<Schema>,
  { definition, origin }: PutTarget,
  nowMs: number,
): Promise<void> {
  const { name, kind, cluster, space = DEFAULT_SPACE } = definition
  const definitionJson = writeDefinition(definition)
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
      .values({ name, space, ...NEW_TARGET, ...values })
      .execute()
  } else {
    await trx.updateTable('target').set(values).where('name', '=', name).execute()
    await trx.deleteFrom('targetSchedule').where('target', '=', name).execute()
  }
  if (definition.schedules.length === 0) return
  const rows = [...new Set(definition.schedules)].map((schedule) => ({ target: name, schedule }))
  await trx.insertInto('targetSchedule').values(rows).execute()
}

/** The column holds the collector's settings as JSON text. */
interface DefinitionColumn extends Omit<TargetDefinition, 'spec' | 'group' | 'groupMax'> {
  readonly specJson: string
}

function writeDefinition(definition: TargetDefinition): string {
  const { spec, group, groupMax, schedules, ...shown } = definition
  const specJson = JSON.stringify({ spec, group, groupMax })
  const column: DefinitionColumn = { ...shown, specJson, schedules }
  return JSON.stringify(column)
}

export function readDefinition(definitionJson: string): TargetDefinition {
  const { specJson, ...shown }: DefinitionColumn = JSON.parse(definitionJson)
  const hidden: Pick<TargetDefinition, 'spec' | 'group' | 'groupMax'> = JSON.parse(specJson)
  return { ...shown, ...hidden }
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
