import { sql, type RawBuilder } from 'kysely'

/**
 * Whether a row has this value, for queries that another column narrows more. SQLite takes any index whose first columns
 * are given, and it knows no index for a negation; Postgres reads it as an equation, with its statistics.
 */
export function hasValueToo(column: string, value: string): RawBuilder<boolean> {
  return sql<boolean>`not (${sql.ref(column)} <> ${value})`
}

/** Whether a row is of this space, for queries that another column narrows more: most rows are of one space. */
export function isOfSpace(table: 'profile' | 'capture', space: string): RawBuilder<boolean> {
  return hasValueToo(`${table}.space`, space)
}
