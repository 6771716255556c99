import type { Kysely, Transaction } from 'kysely'
import type { ScheduleDefinition } from './schedule-store.ts'
import type { Schema } from '../schema/schema.ts'
import { putTarget } from './put-target.ts'
import type { TargetsFileContents, TargetsFileRow } from './target-store.ts'

interface NewFile {
  readonly path: string
  readonly contents: TargetsFileContents
}

/** In one transaction: half a file is never in force. */
export async function applyTargetsFile(
  trx: Transaction<Schema>,
  { path, contents }: NewFile,
  nowMs: number,
): Promise<void> {
  await applyTargets(trx, contents, nowMs)
  await applySchedules(trx, contents)
  await trx.deleteFrom('trigger').execute()
  for (const [place, trigger] of contents.triggers.entries()) {
    const row = { name: trigger.name, place, definitionJson: JSON.stringify(trigger) }
    await trx.insertInto('trigger').values(row).execute()
  }
  await trx.deleteFrom('targetsFile').execute()
  await trx
    .insertInto('targetsFile')
    .values({
      path,
      loadedAtMs: nowMs,
      clustersJson: JSON.stringify(contents.clusters),
      allowJson: JSON.stringify(contents.allow),
      checkedAtMs: nowMs,
      faultsJson: '[]',
      reloadAskedAtMs: null,
    })
    .execute()
}

async function applyTargets(
  trx: Transaction<Schema>,
  { targets }: TargetsFileContents,
  nowMs: number,
): Promise<void> {
  const names = new Set(targets.map(({ name }) => name))
  const known = await trx.selectFrom('target').select('name').where('origin', '=', 'file').execute()
  for (const { name } of known) {
    if (!names.has(name)) await trx.deleteFrom('target').where('name', '=', name).execute()
  }
  for (const definition of targets) await putTarget(trx, { definition, origin: 'file' }, nowMs)
}

async function applySchedules(
  trx: Transaction<Schema>,
  { schedules }: TargetsFileContents,
): Promise<void> {
  const known = new Map(
    (await trx.selectFrom('schedule').select(['name', 'definitionJson']).execute()).map(
      ({ name, definitionJson }): readonly [string, string] => [name, definitionJson],
    ),
  )
  for (const definition of schedules) {
    const { name } = definition
    const definitionJson = JSON.stringify(definition)
    const before = known.get(name)
    known.delete(name)
    if (before === definitionJson) continue
    if (before === undefined) {
      await trx
        .insertInto('schedule')
        .values({ name, definitionJson, ...NEW_SCHEDULE })
        .execute()
      continue
    }
    await trx.updateTable('schedule').set({ definitionJson }).where('name', '=', name).execute()
    // Their next times follow the old timing.
    const { timing }: ScheduleDefinition = JSON.parse(before)
    if (JSON.stringify(timing) !== JSON.stringify(definition.timing)) {
      await trx.deleteFrom('slot').where('schedule', '=', name).execute()
    }
  }
  for (const name of known.keys()) {
    await trx.deleteFrom('schedule').where('name', '=', name).execute()
  }
}

const NEW_SCHEDULE = {
  pausedAtMs: null,
  lastRunAtMs: null,
  missedCount: 0,
  overlapCount: 0,
  failingCount: 0,
  costCount: 0,
} as const

interface BadFile {
  readonly path: string
  readonly faults: readonly string[]
}

export async function refuseTargetsFile(
  trx: Transaction<Schema>,
  { path, faults }: BadFile,
  nowMs: number,
): Promise<void> {
  const seen = { checkedAtMs: nowMs, faultsJson: JSON.stringify(faults), reloadAskedAtMs: null }
  const { numUpdatedRows } = await trx
    .updateTable('targetsFile')
    .set(seen)
    .where('path', '=', path)
    .executeTakeFirst()
  if (numUpdatedRows === 1n) return
  await trx.deleteFrom('targetsFile').execute()
  await trx
    .insertInto('targetsFile')
    .values({ path, loadedAtMs: null, clustersJson: '[]', allowJson: '[]', ...seen })
    .execute()
}

export async function fileState(db: Kysely<Schema>): Promise<TargetsFileRow | null> {
  const row = await db.selectFrom('targetsFile').selectAll().executeTakeFirst()
  if (row === undefined) return null
  const { clustersJson, allowJson, faultsJson, ...rest } = row
  return {
    ...rest,
    clusters: JSON.parse(clustersJson),
    allow: JSON.parse(allowJson),
    faults: JSON.parse(faultsJson),
  }
}
