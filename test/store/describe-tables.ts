import type { DatabaseSync } from 'node:sqlite'

/** A table as both databases can describe it. */
export interface DescribedTable {
  /** `name type`, with `not null` and the default where they are. */
  readonly columns: readonly string[]
  readonly primaryKey: readonly string[]
  /** `name: unique (columns) where ...`; an index that a constraint made has no name. */
  readonly indexes: readonly string[]
  /** `(column) -> table, on delete action`. */
  readonly foreignKeys: readonly string[]
}

export type DescribedTables = Readonly<Record<string, DescribedTable>>

type Row = Readonly<Record<string, unknown>>

export function describeSqliteTables(database: DatabaseSync): DescribedTables {
  const all = (query: string, ...parameters: string[]): readonly Row[] =>
    database.prepare(query).all(...parameters)
  const tables = all(
    `select name from sqlite_master where type = 'table' and name not like 'kysely_%'
     and name not like 'sqlite_%'`,
  )
  return Object.fromEntries(
    tables.map(({ name }) => {
      const table = String(name)
      const columns = all('select * from pragma_table_info(?)', table)
      const described: DescribedTable = {
        columns: columns
          .map(({ name: column, type, notnull, pk, dflt_value }) =>
            columnText({
              name: column,
              type,
              isNotNull: notnull === 1 || Number(pk) > 0,
              default: dflt_value,
            }),
          )
          .toSorted(),
        primaryKey: columns
          .filter(({ pk }) => Number(pk) > 0)
          .toSorted((a, b) => Number(a['pk']) - Number(b['pk']))
          .map(({ name: column }) => String(column)),
        indexes: all(`select * from pragma_index_list(?) where origin <> 'pk'`, table)
          .map((index) => {
            const indexName = String(index['name'])
            const parts = all('select name from pragma_index_info(?)', indexName)
            const [made] = all('select sql from sqlite_master where name = ?', indexName)
            return indexText({
              name: index['origin'] === 'c' ? indexName : '',
              isUnique: index['unique'] === 1,
              columns: parts.map((part) => textOf(part['name']) || 'expression'),
              where: /\swhere\s+(.*)$/is.exec(textOf(made?.['sql']))?.[1] ?? '',
            })
          })
          .toSorted(),
        foreignKeys: all('select * from pragma_foreign_key_list(?)', table)
          .map((key) =>
            foreignKeyText(String(key['from']), String(key['table']), String(key['on_delete'])),
          )
          .toSorted(),
      }
      return [table, described]
    }),
  )
}

/** `run` runs one statement in the database. */
export async function describePostgresTables(
  run: (statement: string) => Promise<readonly Row[]>,
): Promise<DescribedTables> {
  const columns = await run(
    `select table_name, column_name, data_type, is_nullable, column_default
     from information_schema.columns
     where table_schema = 'public' and table_name not like 'kysely_%'`,
  )
  const indexes = await run(
    `select t.relname as "table", i.relname as name, x.indisunique, x.indisprimary,
       pg_get_expr(x.indpred, x.indrelid) as "where", c.oid is not null as "isConstraint",
       array(select coalesce(a.attname::text, 'expression')
         from unnest(x.indkey) with ordinality as k(number, place)
         left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.number
         order by k.place) as columns
     from pg_index x
     join pg_class i on i.oid = x.indexrelid
     join pg_class t on t.oid = x.indrelid
     join pg_namespace n on n.oid = t.relnamespace
     left join pg_constraint c on c.conindid = x.indexrelid and c.contype in ('u', 'p')
     where n.nspname = 'public'`,
  )
  const keys = await run(
    `select conrelid::regclass::text as "table", confrelid::regclass::text as target,
       confdeltype as action, (select attname from pg_attribute
         where attrelid = conrelid and attnum = conkey[1]) as "column"
     from pg_constraint where contype = 'f'`,
  )
  return Object.fromEntries(
    [...Map.groupBy(columns, (row) => String(row['table_name']))].map(([table, ofTable]) => {
      const own = indexes.filter((index) => index['table'] === table)
      const described: DescribedTable = {
        columns: ofTable
          .map((row) =>
            columnText({
              name: row['column_name'],
              type: row['data_type'],
              isNotNull: row['is_nullable'] === 'NO',
              default: row['column_default'],
            }),
          )
          .toSorted(),
        primaryKey: own.filter((index) => index['indisprimary'] === true).flatMap(columnsOf),
        indexes: own
          .filter((index) => index['indisprimary'] !== true)
          .map((index) =>
            indexText({
              name: index['isConstraint'] === true ? '' : String(index['name']),
              isUnique: index['indisunique'] === true,
              columns: columnsOf(index),
              where: textOf(index['where']),
            }),
          )
          .toSorted(),
        foreignKeys: keys
          .filter((key) => unquoted(key['table']) === table)
          .map((key) =>
            foreignKeyText(
              String(key['column']),
              unquoted(key['target']),
              ACTIONS[String(key['action'])] ?? '',
            ),
          )
          .toSorted(),
      }
      return [table, described]
    }),
  )
}

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
}

function columnsOf({ columns }: Row): readonly string[] {
  return Array.isArray(columns) ? columns.map(String) : []
}

interface Column {
  readonly name: unknown
  readonly type: unknown
  readonly isNotNull: boolean
  readonly default: unknown
}

function columnText({ name, type, isNotNull, default: value }: Column): string {
  const notNull = isNotNull ? ' not null' : ''
  const fallback = value === null ? '' : ` default ${textOf(value).replace(/::.*/, '')}`
  return `${textOf(name)} ${textOf(type).toLowerCase()}${notNull}${fallback}`
}

interface Index {
  readonly name: string
  readonly isUnique: boolean
  readonly columns: readonly string[]
  readonly where: string
}

function indexText({ name, isUnique, columns, where }: Index): string {
  const condition = where
    .toLowerCase()
    .replaceAll(/["()]|::text/g, '')
    .replaceAll('~~', 'like')
    .replaceAll(/\s+/g, ' ')
  const unique = isUnique ? 'unique ' : ''
  return `${name}: ${unique}(${columns.join(', ')})${condition === '' ? '' : ` where ${condition}`}`
}

function foreignKeyText(column: string, table: string, action: string): string {
  return `(${column}) -> ${table}, on delete ${action.toLowerCase()}`
}

function unquoted(name: unknown): string {
  return textOf(name).replaceAll('"', '')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
