import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { moveThroughFrames } from './flame-keys.ts'
import { type FlameEvents, WHOLE_RANGE } from './flame-renderer.ts'
import { zoomRange } from './zoom-range.ts'

/**
 * Turns pointer and keyboard input into events: a click zooms, with Shift it selects; a tap selects and a second zooms.
 * Stops clicks in the capture phase, because
 * d3-flame-graph would zoom on them. Returns a function that removes the listeners.
 */
export function listenToFrames(
  host: HTMLElement,
  events: FlameEvents,
  frameOf: (element: Element) => DrawnFrame | null,
): () => void {
  const act = (element: Element, isSelection: boolean) => {
    const frame = frameOf(element)
    if (frame === null) return
    if (isSelection) events.onSelect(frame)
    else events.onZoom(frame)
  }
  const point = (event: Event) => {
    // A tap has no pointer that could leave again: its tooltip would stay.
    if (isTouch(event)) return
    const element = elementOf(event)
    const frame = element === null ? null : frameOf(element)
    if (element === null || frame === null) {
      events.onPoint(null)
      return
    }
    const box = element.getBoundingClientRect()
    const xPx = event instanceof MouseEvent ? event.clientX : box.left
    events.onPoint({ frame, xPx, bottomPx: box.bottom })
  }
  let tapped: Element | null = null
  const click = (event: MouseEvent) => {
    const element = elementOf(event)
    if (element === null) return
    event.stopPropagation()
    const isFirstTap = isTouch(event) && element !== tapped
    tapped = element
    act(element, event.shiftKey || isFirstTap)
  }
  const press = (event: KeyboardEvent) => {
    const element = elementOf(event)
    if (element === null) return
    const frame = frameOf(element)
    if (event.key === 'm' && frame !== null) {
      const box = element.getBoundingClientRect()
      events.onMenu(frame, box.left, box.bottom)
    }
    const isOurs = event.key === 'Enter' || event.key === ' '
    if (isOurs) act(element, event.key === ' ')
    if (isOurs || moveThroughFrames(host, element, event.key)) event.preventDefault()
  }
  const openMenu = (event: MouseEvent) => {
    const element = elementOf(event)
    const frame = element === null ? null : frameOf(element)
    if (frame === null) return
    event.preventDefault()
    events.onMenu(frame, event.clientX, event.clientY)
  }
  const zoom = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    const box = host.getBoundingClientRect()
    const point = (event.clientX - box.left) / box.width
    events.onRange(zoomRange(WHOLE_RANGE, point, Math.exp(event.deltaY / 400)))
  }
  const stop = new AbortController()
  const { signal } = stop
  host.addEventListener('click', click, { capture: true, signal })
  host.addEventListener('contextmenu', openMenu, { signal })
  host.addEventListener('wheel', zoom, { signal, passive: false })
  host.addEventListener('pointerover', point, { signal })
  host.addEventListener('pointerleave', () => events.onPoint(null), { signal })
  host.addEventListener('focusin', point, { signal })
  host.addEventListener('keydown', press, { signal })
  return () => stop.abort()
}

function isTouch(event: Event): boolean {
  return event instanceof PointerEvent && event.pointerType === 'touch'
}

function elementOf(event: Event): Element | null {
  return event.target instanceof Element ? event.target.closest('g.frame') : null
}
