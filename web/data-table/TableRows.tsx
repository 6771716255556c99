import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useMemo, useRef } from 'react'
import classes from './DataTable.module.css'
import { drawRow, type DrawnTable, ROW_PX } from './draw-row.tsx'

const OVERSCAN_ROWS = 6

/** The rows that are in the window of the table, and some around them. */
export function TableRows<Row>(props: DrawnTable<Row>) {
  const { rows, keyOf, selected = '', place } = props
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  })
  useEffect(() => {
    const row = selected === '' ? -1 : rows.findIndex((known) => keyOf(known) === selected)
    if (row !== -1) virtualizer.scrollToIndex(row, { align: 'auto' })
  }, [rows, selected, keyOf, virtualizer])
  useEffect(() => {
    if (place !== -1) virtualizer.scrollToIndex(place, { align: 'auto' })
  }, [place, virtualizer])
  const heightMax = props.heightMax ?? '68vh'
  const visibleCount = Math.ceil((virtualizer.scrollRect?.height ?? 0) / ROW_PX) + 1
  const slotCount = visibleCount + 2 * OVERSCAN_ROWS
  // A scroll renders this component alone, with the same props: rows that stay are not rendered again.
  const drawn = useMemo(() => openDrawnRows(props, slotCount), [props, slotCount])
  const shown = drawn(virtualizer.getVirtualItems())
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
        {(virtualizer.isScrolling ? inSlots(shown, slotCount) : shown).map(
          ({ element }) => element,
        )}
      </div>
    </div>
  )
}

interface DrawnRow {
  readonly index: number
  readonly element: ReactElement
}

/** Draws rows by their index, and keeps those of the last time. */
function openDrawnRows<Row>(props: DrawnTable<Row>, slotCount: number) {
  let kept = new Map<number, DrawnRow>()
  return (shown: readonly { readonly index: number }[]): readonly DrawnRow[] => {
    const drawn = shown.flatMap(({ index }) => {
      const row = props.rows[index]
      if (row === undefined) return []
      const slot = index % slotCount
      return [kept.get(index) ?? { index, element: drawRow(props, row, { index, slot }) }]
    })
    kept = new Map(drawn.map((row) => [row.index, row]))
    return drawn
  }
}

/**
 * While rows scroll, those that come in take the elements of those that left, and no element moves within the document.
 * After that they lie in the order of the rows again, for what reads the document as it is.
 */
function inSlots(shown: readonly DrawnRow[], slotCount: number): readonly DrawnRow[] {
  return shown.toSorted((a, b) => (a.index % slotCount) - (b.index % slotCount))
}
