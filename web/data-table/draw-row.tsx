import type { ReactElement } from 'react'
import type { DataTableProps, Outline } from './data-table.ts'
import classes from './DataTable.module.css'

export const ROW_PX = 28

/** What the rows of a table are drawn with. */
export interface DrawnTable<Row> extends DataTableProps<Row> {
  readonly id: string
  readonly place: number
  readonly onCurrent: (row: Row) => void
}

interface RowPlace {
  readonly index: number
  /** Rows of one slot take the same element, one after the other. */
  readonly slot: number
}

/** A row of the table, at its place below the first. */
export function drawRow<Row>(
  props: DrawnTable<Row>,
  row: Row,
  { index, slot }: RowPlace,
): ReactElement {
  const { columns, keyOf, selected = '', id, place } = props
  const isCurrent = index === place
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys
    <div
      key={slot}
      id={isCurrent ? `${id}-${index}` : undefined}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected !== '' && keyOf(row) === selected}
      {...outlineAttributes(row, props.outline)}
      data-current={isCurrent}
      data-marked={props.isMarked?.(row) === true}
      className={`${classes['row']} ${classes['item']}`}
      style={{ transform: `translateY(${index * ROW_PX}px)` }}
      onClick={() => {
        props.onCurrent(row)
        props.onSelect?.(row)
      }}
      onMouseEnter={() => props.onPoint?.(row)}
      onContextMenu={(event) => {
        if (props.onMenu === undefined) return
        event.preventDefault()
        props.onMenu(row, { xPx: event.clientX, yPx: event.clientY })
      }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={column.isNumber === true ? classes['number'] : classes['cell']}
          data-wide={column.isWide === true}
        >
          {column.cell(row, index)}
        </div>
      ))}
    </div>
  )
}

function outlineAttributes<Row>(row: Row, outline: Outline<Row> | undefined) {
  if (outline === undefined) return {}
  const isOpen = outline.isOpen(row)
  return {
    'aria-level': outline.levelOf(row),
    'aria-posinset': outline.placeOf(row),
    'aria-setsize': outline.siblingCountOf(row),
    ...(isOpen === null ? {} : { 'aria-expanded': isOpen }),
  }
}
