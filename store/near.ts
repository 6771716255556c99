import { type RawBuilder, sql } from 'kysely'

export type Direction = 'before' | 'after'

/** The last one taken before, and the first one after; `null` without one. */
export type Nearest<Item> = { readonly [Key in Direction]: Item | null }

/** A row in a list by time and id. */
export interface Place {
  readonly atMs: number
  readonly id: string
}

/** The time and the id of rows, as their index has them. */
export interface PlaceColumns {
  readonly at: RawBuilder<number>
  readonly id: RawBuilder<string>
}

/** Whether a row lies before, or after, a place. */
export function isBeside(
  columns: PlaceColumns,
  { atMs, id }: Place,
  direction: Direction,
): RawBuilder<boolean> {
  // The first condition alone is what an index understands.
  return direction === 'before'
    ? sql<boolean>`(${columns.at} <= ${atMs} and (${columns.at} < ${atMs} or ${columns.id} < ${id}))`
    : sql<boolean>`(${columns.at} >= ${atMs} and (${columns.at} > ${atMs} or ${columns.id} > ${id}))`
}

/** The order in which the nearest of a direction comes first. */
export function nearestFirst(direction: Direction): 'asc' | 'desc' {
  return direction === 'before' ? 'desc' : 'asc'
}

/** Whether a column has this value, in words that an index understands. */
export function isValue(column: string, value: string | null): RawBuilder<boolean> {
  const of = sql.ref(column)
  return value === null ? sql<boolean>`${of} is null` : sql<boolean>`${of} = ${value}`
}
