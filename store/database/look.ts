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

/** What a look does: `find` says whether there is anything to do, and `change` returns how many rows it changed or added. */
interface LookSteps<Found> {
  readonly find: (rows: LookedAt) => Promise<readonly Found[]>
  readonly change: (rows: LookedAt, found: readonly Found[]) => Promise<number>
}

/** Looks at the next rows of a table. Finding takes no lock, and mostly there is nothing to do. */
export async function lookAt<Found>(
  db: Kysely<Schema>,
  table: keyof typeof KEYS,
  look: Look,
  { find, change }: LookSteps<Found>,
): Promise<Looked> {
  const rows = await lookedAt(db, table, look)
  if (rows === null) return { lastId: null, count: 0 }
  const found = await find(rows)
  return { lastId: rows.lastId, count: found.length > 0 ? await change(rows, found) : 0 }
}

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
