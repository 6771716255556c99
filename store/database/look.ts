import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/** The next rows of a table in order of their ids: no look reads the whole of it. */
export interface Look {
  readonly afterId: string
  readonly limit: number
}

export interface Looked {
  /** Of the last row that was looked at; null where there was none. */
  readonly lastId: string | null
  /** How many rows were changed or added. */
  readonly count: number
}

/** The rows that a look is at. */
export interface LookedAt {
  readonly afterId: string
  readonly lastId: string
}

const KEYS = { profile: 'id', captureJudgement: 'captureId' } as const

/** Null where there are none. */
export async function lookedAt(
  db: Kysely<Schema>,
  table: keyof typeof KEYS,
  { afterId, limit }: Look,
): Promise<LookedAt | null> {
  const key = sql.ref<string>(KEYS[table])
  const { rows } = await sql<{ readonly id: string }>`select ${key} as "id" from ${sql.table(table)}
    where ${key} > ${afterId} order by ${key} limit ${limit}`.execute(db)
  const lastId = rows.at(-1)?.id
  return lastId === undefined ? null : { afterId, lastId }
}

/** Whether a row is one of those. */
export function isLookedAt(
  table: keyof typeof KEYS,
  { afterId, lastId }: LookedAt,
): RawBuilder<boolean> {
  const key = sql.ref(`${table}.${KEYS[table]}`)
  return sql<boolean>`(${key} > ${afterId} and ${key} <= ${lastId})`
}
