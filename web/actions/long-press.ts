const LONG_PRESS_MS = 500
const MOVED_PX = 8

/**
 * Opens context menus by a long press where the browser does not, as Safari on iOS: a touch of half a second sends
 * `contextmenu`. The click that comes when the finger is lifted would hit what opened below it, and is left out.
 */
export function openMenusByLongPress(signal: AbortSignal): void {
  let timer = 0
  let first: PointerEvent | null = null
  let isOpen = false
  const end = () => {
    clearTimeout(timer)
    first = null
  }
  const press = (event: PointerEvent) => {
    end()
    isOpen = false
    const { target, pointerType, isPrimary } = event
    if (pointerType !== 'touch' || !isPrimary || target === null) return
    first = event
    timer = window.setTimeout(() => {
      isOpen = !target.dispatchEvent(menuEvent(event))
    }, LONG_PRESS_MS)
  }
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (first === null) return
    if (Math.hypot(clientX - first.clientX, clientY - first.clientY) > MOVED_PX) end()
  }
  const leaveOut = (event: Event) => {
    if (!isOpen) return
    event.preventDefault()
    event.stopPropagation()
  }
  const options = { signal, capture: true }
  document.addEventListener('pointerdown', press, options)
  document.addEventListener('pointermove', move, options)
  for (const type of ['pointerup', 'pointercancel', 'scroll'] as const) {
    document.addEventListener(type, end, options)
  }
  for (const type of ['mousedown', 'mouseup', 'click'] as const) {
    document.addEventListener(type, leaveOut, options)
  }
}

function menuEvent({ clientX, clientY }: PointerEvent): MouseEvent {
  return new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY })
}
