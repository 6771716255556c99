import { type RefObject, useEffect, useRef } from 'react'

/**
 * Keeps the keyboard within an element when the control that had it goes, as the cross of a filter does when it is used:
 * the control at its place has it next, or the first one.
 */
export function useKeptFocus(): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null)
  useEffect(() => (box.current === null ? undefined : keepFocus(box.current)), [])
  return box
}

function keepFocus(box: HTMLElement): () => void {
  const stop = new AbortController()
  let focused: Element | null = null
  let place = -1
  const follow = () => {
    const controls = controlsIn(box)
    const active = document.activeElement
    if (active !== null && active !== document.body) {
      focused = box.contains(active) ? active : null
      place = controls.findIndex((control) => control === focused)
    } else if (focused?.isConnected === false) {
      // Where there is none yet, the values are still on their way.
      const next = controls[place] ?? controls[0]
      next?.focus()
    }
  }
  const leave = ({ target }: Event) => {
    if (target instanceof Node && !box.contains(target)) focused = null
  }
  document.addEventListener('focusin', follow, { signal: stop.signal })
  document.addEventListener('pointerdown', leave, { signal: stop.signal })
  const observer = new MutationObserver(follow)
  observer.observe(box, { childList: true, subtree: true })
  return () => {
    stop.abort()
    observer.disconnect()
  }
}

function controlsIn(box: HTMLElement): readonly HTMLElement[] {
  const controls = box.querySelectorAll<HTMLElement>('button, input')
  return [...controls].filter((control) => control.getClientRects().length > 0)
}
