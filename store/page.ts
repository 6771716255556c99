import type { RawBuilder } from 'kysely'
import { AppError, isId } from '../api/index.ts'
import { isBeside } from './near.ts'

export interface PageRequest {
  readonly limit: number
  /** The `nextCursor` of the page before; `null` for the first. */
  readonly cursor: string | null
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** `null` on the last page. */
  readonly nextCursor: string | null
}

/** Makes a page from `limit + 1` items; the extra item only shows that there are more. */
export function toPage<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => string = ({ id }) => id,
): Page<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const isLast = found.length <= limit || last === undefined
  return { items, nextCursor: isLast ? null : cursorOf(last) }
}

/** A cursor is the id of the last item of the page before: ids sort by time of arrival. */
export function checkedCursor(cursor: string): string {
  if (isId(cursor)) return cursor
  throw foreignCursor()
}

/** The cursor of a list in order of its own times: time and id of the last item of the page before. */
export function timeCursor(atMs: number, id: string): string {
  return `${atMs}-${id}`
}

/** In a list by time and id, newest first: what comes after the page that this cursor ends. */
export function isAfterCursor(
  cursor: string,
  at: RawBuilder<number>,
  id: RawBuilder<string>,
): RawBuilder<boolean> {
  const [, digits = '', lastId = ''] = /^(-?\d{1,15})-(\w+)$/.exec(cursor) ?? []
  if (digits === '' || !isId(lastId)) throw foreignCursor()
  return isBeside({ at, id }, { atMs: Number(digits), id: lastId }, 'before')
}

function foreignCursor(): AppError {
  return new AppError('REQUEST_INVALID', {
    message: 'The cursor does not belong to this list.',
    details: { parameter: 'cursor' },
  })
}
