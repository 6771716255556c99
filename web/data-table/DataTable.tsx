import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { asStyle } from '../ui/as-style.ts'
import type { DataTableProps } from './data-table.ts'
import classes from './DataTable.module.css'
import { TableHeading } from './TableHeading.tsx'
import { TableRows } from './TableRows.tsx'

/** A table of any length: only visible rows are drawn. Arrow keys move through the rows, and its headings sort. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, order, onSort } = props
  const tracks = columns.map(({ width }) => width).join(' ')
  const wide = columns.filter(({ isWide }) => isWide !== true).map(({ width }) => width)
  const style = { '--tracks': tracks, '--phone-tracks': wide.join(' ') }
  const [current, setCurrent] = useState<string | null>(null)
  const id = useId()
  const place = useMemo(
    () => rows.findIndex((row) => props.keyOf(row) === current),
    // oxlint-disable-next-line react/exhaustive-deps -- keys are functions of the rows
    [rows, current],
  )
  const press = (event: KeyboardEvent) => {
    const row = rows[place]
    const next = placeAfter(event.key, place, rows.length)
    if (next !== null) {
      const target = rows[next]
      if (target !== undefined) {
        setCurrent(props.keyOf(target))
        props.onPoint?.(target)
      }
    } else if (row !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      props.onSelect?.(row)
    } else if (row !== undefined && turns(event.key, props.outline?.isOpen(row) ?? null)) {
      props.outline?.onToggle(row)
    } else if (row !== undefined && (event.key === 'm' || event.key === 'ContextMenu')) {
      const box = document.getElementById(`${id}-${place}`)?.getBoundingClientRect()
      props.onMenu?.(row, { xPx: (box?.left ?? 0) + 24, yPx: box?.bottom ?? 0 })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      role={props.outline === undefined ? 'grid' : 'treegrid'}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      aria-activedescendant={place === -1 ? undefined : `${id}-${place}`}
      className={classes['table']}
      style={asStyle(style)}
      onKeyDown={press}
      onMouseLeave={() => props.onPoint?.(null)}
    >
      <div role="rowgroup">
        <div role="row" className={`${classes['row']} ${classes['head']}`}>
          {columns.map((column) => (
            <TableHeading key={column.id} column={column} order={order} onSort={onSort} />
          ))}
        </div>
      </div>
      <TableRows
        {...props}
        id={id}
        place={place}
        onCurrent={(row) => setCurrent(props.keyOf(row))}
      />
      {props.summary}
    </div>
  )
}

/** Whether the key opens a closed row, or closes an open one. */
function turns(key: string, isOpen: boolean | null): boolean {
  return (key === 'ArrowRight' && isOpen === false) || (key === 'ArrowLeft' && isOpen === true)
}

function placeAfter(key: string, place: number, length: number): number | null {
  if (length === 0) return null
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    PageDown: place + 15,
    PageUp: place - 15,
    Home: 0,
    End: length - 1,
  }
  const next = steps[key]
  return next === undefined ? null : Math.min(Math.max(next, 0), length - 1)
}
