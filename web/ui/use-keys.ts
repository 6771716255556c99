import { useEffect, useRef } from 'react'

/** What single keys do, by `KeyboardEvent.key`. */
export type KeyActions = Readonly<Record<string, () => void>>

/**
 * Runs an action for a key pressed outside of text fields. Keys with Ctrl, Alt or Meta are left to
 * the browser.
 */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const stop = new AbortController()
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
        if (isTyping(event.target)) return
        const action = latest.current[event.key]
        if (action === undefined) return
        event.preventDefault()
        action()
      },
      { signal: stop.signal },
    )
    return () => stop.abort()
  }, [])
}

/** Kinds of `<input>` that take no text. */
const TEXTLESS = 'button checkbox color file image radio range reset submit'.split(' ')
const TEXT_INPUT = `input${TEXTLESS.map((type) => `:not([type=${type}])`).join('')}`
const TYPING = `${TEXT_INPUT}, textarea, select, [role=dialog]`

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TYPING) !== null
}
