import { UnstyledButton } from '@mantine/core'
import type { Column, SortOrder } from './data-table.ts'
import classes from './DataTable.module.css'

interface TableHeadingProps<Row> {
  readonly column: Column<Row>
  readonly order: SortOrder
  readonly onSort: (order: SortOrder) => void
}

/** The title of a column, by which the rows are sorted where they can be. */
export function TableHeading<Row>({ column, order, onSort }: TableHeadingProps<Row>) {
  const isSorted = order.column === column.id
  // A number starts with the largest, a name with the first of the alphabet.
  const isDescending = (column.isNumber === true) !== order.isReversed
  const direction = isDescending ? 'descending' : 'ascending'
  return (
    <div
      role="columnheader"
      {...(column.compare === undefined ? {} : { 'aria-sort': isSorted ? direction : 'none' })}
      className={column.isNumber === true ? classes['number'] : classes['cell']}
      data-wide={column.isWide === true}
    >
      {column.compare === undefined ? (
        <span title={column.hint}>{column.title}</span>
      ) : (
        <UnstyledButton
          className={classes['sort'] ?? ''}
          title={column.hint}
          data-sorted={isSorted}
          onClick={() =>
            onSort({ column: column.id, isReversed: isSorted ? !order.isReversed : false })
          }
        >
          {column.title}
          <span aria-hidden="true" className={classes['arrow']}>
            {isSorted ? (isDescending ? '↓' : '↑') : ''}
          </span>
        </UnstyledButton>
      )}
    </div>
  )
}
