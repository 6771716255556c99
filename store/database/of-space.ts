import { sql, type RawBuilder } from 'kysely'

/**
 * Whether a row is of this space, for queries that another column narrows more. SQLite takes any index whose first column
 * is given, and this gives it none: most rows are of one space.
 */
export function isOfSpace(table: 'profile' | 'capture', space: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(`${table}.space`)} || '' = ${space}`
}
