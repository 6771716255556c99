import { AppError, isId } from '../api/index.ts'

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
): Page<Item> {
  const items = found.slice(0, limit)
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** A cursor is the id of the last item of the page before: ids sort by time. */
export function checkedCursor(cursor: string): string {
  if (isId(cursor)) return cursor
  throw new AppError('REQUEST_INVALID', {
    message: 'The cursor does not belong to this list.',
    details: { parameter: 'cursor' },
  })
}
