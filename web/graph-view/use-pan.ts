import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { GraphScale } from './use-scale.ts'

const WHEEL_ZOOM = 0.0025
const DRAG_PX_MIN = 4

/** A point of the graph that stays where it is on the screen while the graph is zoomed. */
interface Anchor {
  /** On the screen, from the corner of the element. */
  readonly xPx: number
  readonly yPx: number
  /** As parts of the graph's width and height. */
  readonly partX: number
  readonly partY: number
}

/** Moves and zooms what scrolls in an element. Touch moves it as the browser does. */
export function usePan(scroller: RefObject<HTMLDivElement | null>, scale: GraphScale): void {
  const { factor, zoomBy } = scale
  const anchor = useRef<Anchor | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    const kept = anchor.current
    anchor.current = null
    if (element === null || kept === null) return
    element.scrollTo(
      kept.partX * element.scrollWidth - kept.xPx,
      kept.partY * element.scrollHeight - kept.yPx,
    )
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the scrolled size follows from the factor
  }, [scroller, factor])
  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const stop = new AbortController()
    const { signal } = stop
    element.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        anchor.current = anchorAt(element, event)
        zoomBy(Math.exp(-Math.max(Math.min(event.deltaY, 240), -240) * WHEEL_ZOOM))
      },
      { signal, passive: false },
    )
    listenToDrags(element, signal)
    return () => stop.abort()
  }, [scroller, zoomBy])
}

function anchorAt(element: HTMLElement, { clientX, clientY }: MouseEvent): Anchor {
  const box = element.getBoundingClientRect()
  const xPx = clientX - box.left
  const yPx = clientY - box.top
  return {
    xPx,
    yPx,
    partX: (element.scrollLeft + xPx) / Math.max(element.scrollWidth, 1),
    partY: (element.scrollTop + yPx) / Math.max(element.scrollHeight, 1),
  }
}

/** With a mouse the graph is dragged; a click after a drag selects nothing. */
function listenToDrags(element: HTMLElement, signal: AbortSignal): void {
  let start: { event: PointerEvent; left: number; top: number } | null = null
  let hasMoved = false
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType !== 'mouse' || event.button !== 0) return
      start = { event, left: element.scrollLeft, top: element.scrollTop }
      hasMoved = false
    },
    { signal },
  )
  window.addEventListener(
    'pointermove',
    (event) => {
      if (start === null) return
      const dx = event.clientX - start.event.clientX
      const dy = event.clientY - start.event.clientY
      hasMoved ||= Math.hypot(dx, dy) > DRAG_PX_MIN
      if (!hasMoved) return
      element.dataset['dragging'] = ''
      element.scrollTo(start.left - dx, start.top - dy)
    },
    { signal },
  )
  const end = () => {
    start = null
    delete element.dataset['dragging']
  }
  window.addEventListener('pointerup', end, { signal })
  window.addEventListener('pointercancel', end, { signal })
  element.addEventListener(
    'click',
    (event) => {
      if (hasMoved) event.stopPropagation()
      hasMoved = false
    },
    { signal, capture: true },
  )
}
