import { UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { ScreenPoint } from '../actions/actions-context.ts'
import { asStyle } from '../ui/as-style.ts'
import classes from './DataTable.module.css'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  readonly hint?: string
  /** A track of a CSS grid. */
  readonly width: string
  /** Numbers are set flush right, and sorted largest first. */
  readonly isNumber?: boolean
  /** Left out on a phone. */
  readonly isWide?: boolean
  readonly cell: (row: Row, place: number) => ReactNode
  /** The order of rows, first the one that comes first; without it the column cannot be sorted by. */
  readonly compare?: (a: Row, b: Row) => number
}

export interface SortOrder {
  readonly column: string
  readonly isReversed: boolean
}

/** What makes the table an outline: rows below rows. */
export interface Outline<Row> {
  readonly levelOf: (row: Row) => number
  /** `null` for a row without rows below. */
  readonly isOpen: (row: Row) => boolean | null
  readonly placeOf: (row: Row) => number
  readonly siblingCountOf: (row: Row) => number
  readonly onToggle: (row: Row) => void
}

interface DataTableProps<Row> {
  readonly outline?: Outline<Row>
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** In the order in which they are shown. */
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly order: SortOrder
  readonly onSort: (order: SortOrder) => void
  /** The key of the selected row, or `''`. */
  readonly selected?: string
  readonly isMarked?: (row: Row) => boolean
  readonly onSelect?: (row: Row) => void
  readonly onMenu?: (row: Row, point: ScreenPoint) => void
  readonly onPoint?: (row: Row | null) => void
  /** How high it may be. */
  readonly heightMax?: string
  readonly summary?: ReactNode
}

const ROW_PX = 28

/** A table of any length: only visible rows are drawn. Arrow keys move through the rows, and its headings sort. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, order, onSort } = props
  const tracks = columns.map(({ width }) => width).join(' ')
  const wide = columns.filter(({ isWide }) => isWide !== true).map(({ width }) => width)
  const style = { '--tracks': tracks, '--phone-tracks': wide.join(' ') }
  const [current, setCurrent] = useState('')
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
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
            <Heading key={column.id} column={column} order={order} onSort={onSort} />
          ))}
        </div>
      </div>
      <Rows
        {...props}
        scroller={scroller}
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

interface HeadingProps<Row> {
  readonly column: Column<Row>
  readonly order: SortOrder
  readonly onSort: (order: SortOrder) => void
}

function Heading<Row>({ column, order, onSort }: HeadingProps<Row>) {
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

interface RowsProps<Row> extends DataTableProps<Row> {
  readonly scroller: { readonly current: HTMLDivElement | null }
  readonly id: string
  readonly place: number
  readonly onCurrent: (row: Row) => void
}

function Rows<Row>(props: RowsProps<Row>) {
  const { rows, columns, keyOf, selected = '', scroller, id, place } = props
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  useEffect(() => {
    const row = selected === '' ? -1 : rows.findIndex((known) => keyOf(known) === selected)
    if (row !== -1) virtualizer.scrollToIndex(row, { align: 'auto' })
  }, [rows, selected, keyOf, virtualizer])
  useEffect(() => {
    if (place !== -1) virtualizer.scrollToIndex(place, { align: 'auto' })
  }, [place, virtualizer])
  const heightMax = props.heightMax ?? '68vh'
  return (
    <div
      ref={scroller}
      role="rowgroup"
      className={classes['scroller']}
      style={{ height: `min(${heightMax}, ${rows.length * ROW_PX + 1}px)` }}
    >
      <div
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
        className={classes['rows']}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys
            <div
              key={keyOf(row)}
              id={`${id}-${index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-selected={keyOf(row) === selected}
              {...outlineAttributes(row, props.outline)}
              data-current={index === place}
              data-marked={props.isMarked?.(row) === true}
              className={`${classes['row']} ${classes['item']}`}
              style={{ transform: `translateY(${start}px)` }}
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
        })}
      </div>
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
