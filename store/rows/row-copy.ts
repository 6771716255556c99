import { sql, type Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../schema/schema.ts'
import { findTables, type Table } from './tables.ts'

/** Rows of one table; those of tables that it refers to came before. */
export interface RowBatch {
  readonly table: keyof Schema
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** All rows of a store as data, for copies into another, whatever databases they are in. */
export interface RowCopy {
  /** Gives all rows of one moment to the work, while others go on writing. */
  read<Result>(work: (batches: AsyncIterable<RowBatch>) => Promise<Result>): Promise<Result>
  /** Replaces all rows by these, or none. Returns their number. */
  replaceAll(batches: AsyncIterable<RowBatch>): Promise<number>
  /** Whether nothing was ever stored. */
  isEmpty(): Promise<boolean>
}

const ROWS_MAX = 500
/** Of one statement; both databases allow twice as many. */
const PARAMETERS_MAX = 15_000

export function sqlRowCopy({ db, snapshot }: Pick<Database, 'db' | 'snapshot'>): RowCopy {
  return {
    read: (work) => snapshot((connection) => work(readTables(connection))),
    replaceAll: (batches) =>
      db.transaction().execute(async (trx) => {
        const tables = await findTables(trx)
        for (const { name } of tables.toReversed()) await trx.deleteFrom(name).execute()
        let count = 0
        for await (const { table, rows } of batches) {
          await insert(trx, table, rows)
          count += rows.length
        }
        return count
      }),
    async isEmpty() {
      for (const table of ['blob', 'profile', 'capture', 'target'] as const) {
        if (
          (
            await db
              .selectFrom(table)
              .select(sql`1`.as('one'))
              .limit(1)
              .execute()
          ).length > 0
        ) {
          return false
        }
      }
      return true
    },
  }
}

async function* readTables(db: Kysely<Schema>): AsyncGenerator<RowBatch> {
  for (const table of await findTables(db)) {
    for (let last: RowBatch['rows'][number] | undefined; ;) {
      const rows = await readAfter(db, table, last)
      if (rows.length > 0) yield { table: table.name, rows }
      if (rows.length < ROWS_MAX) break
      last = rows.at(-1)
    }
  }
}

/** The next rows by primary key, so that a page costs the same wherever it is. */
async function readAfter(
  db: Kysely<Schema>,
  { name, key }: Table,
  last: RowBatch['rows'][number] | undefined,
): Promise<RowBatch['rows']> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const after =
    last === undefined
      ? sql``
      : sql`where (${columns}) > (${sql.join(key.map((column) => last[column]))})`
  const { rows } = await sql<RowBatch['rows'][number]>`
    select * from ${sql.table(name)} ${after} order by ${columns} limit ${sql.lit(ROWS_MAX)}`.execute(
    db,
  )
  return rows
}

async function insert(
  db: Kysely<Schema>,
  table: keyof Schema,
  rows: RowBatch['rows'],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const rowsMax = Math.max(1, Math.floor(PARAMETERS_MAX / Math.max(1, columns.length)))
  for (let start = 0; start < rows.length; start += rowsMax) {
    const values = rows
      .slice(start, start + rowsMax)
      .map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(values)}`.execute(db)
  }
}
