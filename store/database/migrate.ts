import { type Kysely, Migrator, sql } from 'kysely'
import { AppError } from '../../api/index.ts'
import { MIGRATIONS } from '../schema/migrations.ts'
import type { Schema } from '../schema/schema.ts'

const provider = { getMigrations: async () => ({ ...MIGRATIONS }) }

/** Brings the tables up to date, under a lock: several processes may try it at once. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  await refuseNewer(db)
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error !== undefined) throw error
}

/** The names of the migrations that have not run yet. */
export async function pendingMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  await refuseNewer(db)
  const executed = new Set(await executedMigrations(db))
  return Object.keys(MIGRATIONS).filter((name) => !executed.has(name))
}

/** The tables of a newer program may not mean what this one takes them to mean. */
async function refuseNewer(db: Kysely<Schema>): Promise<void> {
  const unknown = (await executedMigrations(db)).filter((name) => !(name in MIGRATIONS))
  if (unknown.length === 0) return
  throw new AppError('DATABASE_UNAVAILABLE', {
    message: `The database was migrated by a newer kubeprof (${unknown.join(', ')}). Start that version or a newer one.`,
  })
}

async function executedMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const query = sql<{ readonly name: string }>`select "name" from "kysely_migration"`
  return (await query.execute(db)).rows.map(({ name }) => name)
}
