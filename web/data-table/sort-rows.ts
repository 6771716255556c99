import type { Column, SortOrder } from './data-table.ts'

/** The rows by a column; by the first that can be sorted by where the order names none. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { column, isReversed }: SortOrder,
): readonly Row[] {
  const compare = columnOf(columns, column)?.compare
  if (compare === undefined) return rows
  return rows.toSorted((a, b) => (isReversed ? compare(b, a) : compare(a, b)))
}

/** The order that a table shows. */
export function shownOrder<Row>(columns: readonly Column<Row>[], order: SortOrder): SortOrder {
  const column = columnOf(columns, order.column)?.id ?? ''
  return { column, isReversed: column === order.column && order.isReversed }
}

function columnOf<Row>(columns: readonly Column<Row>[], id: string) {
  return (
    columns.find((known) => known.id === id && known.compare !== undefined) ??
    columns.find(({ compare }) => compare !== undefined)
  )
}

/** Largest first, whatever the sign. */
export function byAmount<Row>(amount: (row: Row) => number): (a: Row, b: Row) => number {
  return (a, b) => Math.abs(amount(b)) - Math.abs(amount(a))
}

/** In the order of the alphabet. */
export function byText<Row>(text: (row: Row) => string): (a: Row, b: Row) => number {
  return (a, b) => {
    const [first, second] = [text(a), text(b)]
    return first === second ? 0 : first < second ? -1 : 1
  }
}
