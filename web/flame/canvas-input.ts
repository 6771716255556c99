import type { FlameRange } from '../../profile/index.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { type FlameEvents, type FlameTree, ROW_PX } from './flame-renderer.ts'
import { frameAt, frameBeside, type PlacedFrames } from './place-frames.ts'
import { moveRange, zoomRange } from './zoom-range.ts'

export interface CanvasInput {
  readonly signal: AbortSignal
  readonly shown: () => { readonly tree: FlameTree; readonly placed: PlacedFrames } | null
  readonly current: () => number
  /** Moves the keyboard's place to a frame. */
  readonly setCurrent: (at: number) => void
  /** The same, and scrolls to it. */
  readonly moveTo: (at: number) => void
}

const MOVES = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'])
const LONG_PRESS_MS = 500
const DRAG_PX_MIN = 5
const WHEEL_ZOOM = 0.0025

/** Turns pointer, wheel, touch and keyboard input on a canvas into events, until the signal aborts. */
export function listenToCanvas(host: HTMLElement, events: FlameEvents, input: CanvasInput): void {
  const { signal } = input
  const find = (event: MouseEvent) => {
    const shown = input.shown()
    if (shown === null) return null
    const box = host.getBoundingClientRect()
    const at = frameAt(shown.placed, event.clientX - box.left, event.clientY - box.top)
    const frame = shown.tree.frames[at]
    return frame === undefined ? null : { at, frame, bottomPx: bottomOf(shown.placed, at, box) }
  }
  const press = followPress(host, events, input, find)
  host.addEventListener(
    'pointermove',
    (event) => {
      if (press.isDragging() || event.pointerType === 'touch') return
      const found = find(event)
      host.style.cursor = found === null ? '' : 'pointer'
      events.onPoint(found === null ? null : { ...found, xPx: event.clientX })
    },
    { signal },
  )
  host.addEventListener('pointerleave', () => events.onPoint(null), { signal })
  host.addEventListener(
    'contextmenu',
    (event) => {
      const found = find(event)
      if (found === null) return
      event.preventDefault()
      input.setCurrent(found.at)
      events.onMenu(found.frame, event.clientX, event.clientY)
    },
    { signal },
  )
  host.addEventListener('wheel', (event) => turnWheel(host, events, input, event), {
    signal,
    passive: false,
  })
  host.addEventListener('keydown', (event) => pressKey(host, events, input, event), { signal })
}

function bottomOf(placed: PlacedFrames, at: number, box: DOMRect): number {
  return box.top + ((placed.row[at] ?? 0) + 1) * ROW_PX
}

interface FoundFrame {
  readonly at: number
  readonly frame: DrawnFrame
}

/** A click zooms, with Shift it selects; a tap selects and a second zooms; a drag moves; two fingers zoom. */
function followPress(
  host: HTMLElement,
  events: FlameEvents,
  { signal, shown, setCurrent }: CanvasInput,
  find: (event: MouseEvent) => FoundFrame | null,
) {
  const pointers = new Map<number, PointerEvent>()
  let start: { readonly event: PointerEvent; readonly range: FlameRange } | null = null
  let hasMoved = false
  let longPress = 0
  let tapped = ''
  const end = () => {
    clearTimeout(longPress)
    start = null
  }
  const down = (event: PointerEvent) => {
    const tree = shown()?.tree
    if (tree === undefined || event.button !== 0) return
    pointers.set(event.pointerId, event)
    start = { event, range: tree.range }
    hasMoved = pointers.size > 1
    clearTimeout(longPress)
    if (event.pointerType !== 'touch') return
    longPress = window.setTimeout(() => {
      const found = find(event)
      hasMoved = true
      if (found !== null) events.onMenu(found.frame, event.clientX, event.clientY)
    }, LONG_PRESS_MS)
  }
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId)
    if (before === undefined || start === null) return
    const dx = event.clientX - start.event.clientX
    if (Math.hypot(dx, event.clientY - start.event.clientY) > DRAG_PX_MIN) {
      hasMoved = true
      clearTimeout(longPress)
    }
    const box = host.getBoundingClientRect()
    const other = [...pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId)
    pointers.set(event.pointerId, event)
    const range = shown()?.tree.range
    if (range === undefined || !hasMoved) return
    if (other !== undefined) {
      const spread = Math.abs(event.clientX - other.clientX)
      const spreadBefore = Math.abs(before.clientX - other.clientX)
      const middle = ((event.clientX + other.clientX) / 2 - box.left) / box.width
      events.onRange(zoomRange(range, middle, Math.max(spreadBefore, 1) / Math.max(spread, 1)))
    } else if (event.pointerType !== 'touch' || start.range.to - start.range.from < 1) {
      events.onRange(moveRange(start.range, -dx / box.width))
    }
  }
  const up = (event: PointerEvent) => {
    const isClick = pointers.delete(event.pointerId) && !hasMoved && start !== null
    end()
    const found = isClick ? find(event) : null
    if (found === null) return
    setCurrent(found.at)
    const isTap = event.pointerType === 'touch' && tapped !== found.frame.key
    tapped = found.frame.key
    if (event.shiftKey || isTap) events.onSelect(found.frame)
    else events.onZoom(found.frame)
  }
  host.addEventListener('pointerdown', down, { signal })
  window.addEventListener('pointermove', move, { signal })
  window.addEventListener('pointerup', up, { signal })
  const cancel = (event: PointerEvent) => {
    pointers.delete(event.pointerId)
    end()
  }
  window.addEventListener('pointercancel', cancel, { signal })
  return { isDragging: () => start !== null && hasMoved }
}

/** With Ctrl, which is what a pinch on a trackpad sends, the wheel zooms; sideways it moves; else the page scrolls. */
function turnWheel(
  host: HTMLElement,
  events: FlameEvents,
  { shown }: CanvasInput,
  event: WheelEvent,
): void {
  const range = shown()?.tree.range
  if (range === undefined) return
  const box = host.getBoundingClientRect()
  const sidewaysPx = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault()
    const factor = Math.exp(Math.max(Math.min(event.deltaY, 240), -240) * WHEEL_ZOOM)
    events.onRange(zoomRange(range, (event.clientX - box.left) / box.width, factor))
  } else if (Math.abs(sidewaysPx) > Math.abs(event.deltaY) || event.shiftKey) {
    event.preventDefault()
    events.onRange(moveRange(range, sidewaysPx / box.width))
  }
}

function pressKey(
  host: HTMLElement,
  events: FlameEvents,
  { shown, current, moveTo }: CanvasInput,
  event: KeyboardEvent,
): void {
  const now = shown()
  const at = current()
  const frame = now?.tree.frames[at]
  if (now === null || frame === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const box = host.getBoundingClientRect()
  const xPx = box.left + Math.max(now.placed.xPx[at] ?? 0, 0)
  const bottomPx = bottomOf(now.placed, at, box)
  if (MOVES.has(event.key)) {
    const next = frameBeside(now.placed, at, event.key)
    const target = now.tree.frames[next]
    if (target !== undefined) {
      moveTo(next)
      const boxAfter = host.getBoundingClientRect()
      events.onPoint({
        frame: target,
        xPx: boxAfter.left + Math.max(now.placed.xPx[next] ?? 0, 0),
        bottomPx: bottomOf(now.placed, next, boxAfter),
      })
    }
  } else if (event.key === 'Enter') events.onZoom(frame)
  else if (event.key === ' ') events.onSelect(frame)
  else if (event.key === 'm' || event.key === 'ContextMenu') events.onMenu(frame, xPx, bottomPx)
  else if (event.key === '+' || event.key === '-') {
    const factor = event.key === '+' ? 1 / 1.5 : 1.5
    const middle = (xPx - box.left + (now.placed.widthPx[at] ?? 0) / 2) / box.width
    events.onRange(zoomRange(now.tree.range, Math.min(Math.max(middle, 0), 1), factor))
  } else return
  event.preventDefault()
  event.stopPropagation()
}
