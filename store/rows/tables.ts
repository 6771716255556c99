import { PostgresAdapter, sql, type Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/** A table and the columns of its primary key, in their order. */
export interface Table {
  readonly name: keyof Schema
  readonly key: readonly string[]
}

/** Belongs to one database and is never copied. */
const OWN_TABLES: ReadonlySet<string> = new Set([
  'installation',
  'kysely_migration',
  'kysely_migration_lock',
])

/** All tables to copy, each after those that it refers to. */
export async function findTables(db: Kysely<Schema>): Promise<readonly Table[]> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter
  const keys = await sql<{ readonly name: keyof Schema; readonly column: string }>`
    ${isPostgres ? POSTGRES_KEYS : SQLITE_KEYS}`.execute(db)
  const references = await sql<{ readonly child: string; readonly parent: string }>`
    ${isPostgres ? POSTGRES_REFERENCES : SQLITE_REFERENCES}`.execute(db)
  const tables = [...Map.groupBy(keys.rows, ({ name }) => name)]
    .filter(([name]) => !OWN_TABLES.has(name))
    .map(([name, rows]) => ({ name, key: rows.map(({ column }) => column) }))
  return inOrder(tables, references.rows)
}

const SQLITE_KEYS = sql`
  select m.name as "name", c.name as "column" from sqlite_master m
  join pragma_table_info(m.name) c where m.type = 'table' and c.pk > 0 order by m.name, c.pk`

const SQLITE_REFERENCES = sql`
  select m.name as "child", f."table" as "parent" from sqlite_master m
  join pragma_foreign_key_list(m.name) f where m.type = 'table'`

const POSTGRES_KEYS = sql`
  select t.relname as "name", a.attname as "column" from pg_index i
  join pg_class t on t.oid = i.indrelid
  join unnest(i.indkey::int[]) with ordinality as k(number, place) on true
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
  where i.indisprimary and t.relkind in ('r', 'p') and not t.relispartition
    and t.relnamespace = current_schema()::regnamespace order by t.relname, k.place`

const POSTGRES_REFERENCES = sql`
  select c.relname as "child", p.relname as "parent" from pg_constraint f
  join pg_class c on c.oid = f.conrelid join pg_class p on p.oid = f.confrelid
  where f.contype = 'f' and c.relnamespace = current_schema()::regnamespace`

function inOrder(
  tables: readonly Table[],
  references: readonly { readonly child: string; readonly parent: string }[],
): readonly Table[] {
  const ordered: Table[] = []
  let left = tables
  while (left.length > 0) {
    const isLeft = new Set<string>(left.map(({ name }) => name))
    const isBlocked = (name: string) =>
      references.some(
        ({ child, parent }) => child === name && parent !== name && isLeft.has(parent),
      )
    const free = left.filter(({ name }) => !isBlocked(name))
    if (free.length === 0) throw new Error(`tables refer to each other: ${[...isLeft].join(', ')}`)
    ordered.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  return ordered
}
