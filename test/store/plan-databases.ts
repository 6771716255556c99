import { sql } from 'kysely'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../store/database/database.ts'
import { openPostgres } from '../../store/database/postgres-database.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { openPostgresServer } from '../postgres-server.ts'
import { MEMORY_FOLDER } from '../temporary-directory.ts'

/** A database of its own; `close` removes it. */
export type PlanDatabase = Pick<Database, 'db' | 'close'>

/** `rows`: the statements that insert them. */
export async function openSqlitePlans(rows: readonly string[]): Promise<PlanDatabase> {
  const folder = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-plans-'))
  const database = await openSqlite({ path: join(folder, 'kubeprof.db') })
  await runAll(database, rows)
  return {
    db: database.db,
    async close() {
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The tables are too small for Postgres to use indexes unasked: it never reads them whole, or sorts, if it can do else. */
export async function openPostgresPlans(
  rows: readonly string[],
  avoided: readonly ('seqscan' | 'sort')[] = ['seqscan', 'sort'],
): Promise<PlanDatabase> {
  const server = await openPostgresServer()
  const options = avoided.map((step) => `-c enable_${step}=off`).join(' ')
  const database = await openPostgres({
    url: `${await server.createDatabase()}?options=${encodeURIComponent(options)}`,
    connectionsMax: 2,
    statementMsMax: 30_000,
    migrates: true,
  })
  await runAll(database, rows)
  await sql.raw('vacuum analyze').execute(database.db)
  return {
    db: database.db,
    async close() {
      await database.close()
      await server.close()
    },
  }
}

async function runAll({ db }: Database, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
