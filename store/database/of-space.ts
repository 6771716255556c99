import { sql, type RawBuilder } from 'kysely'

/**
 * Whether a row is of this space, for queries that another column narrows more. SQLite takes any index whose first column
 * is given, most rows are of one space, and it knows no index for a negation; Postgres reads it as an equation, with its
 * statistics.
 */
export function isOfSpace(table: 'profile' | 'capture', space: string): RawBuilder<boolean> {
  return sql<boolean>`not (${sql.ref(`${table}.space`)} <> ${space})`
}
