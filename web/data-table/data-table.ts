import type { ReactNode } from 'react'
import type { ScreenPoint } from '../actions/actions-context.ts'

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

export interface DataTableProps<Row> {
  readonly outline?: Outline<Row>
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** In the order in which they are shown. */
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly order: SortOrder
  readonly onSort: (order: SortOrder) => void
  /** The key of the selected row, or `''` for none. */
  readonly selected?: string
  readonly isMarked?: (row: Row) => boolean
  readonly onSelect?: (row: Row) => void
  readonly onMenu?: (row: Row, point: ScreenPoint) => void
  readonly onPoint?: (row: Row | null) => void
  /** How high it may be. */
  readonly heightMax?: string
  readonly summary?: ReactNode
}
