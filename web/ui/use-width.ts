import { useCallback, useState } from 'react'

/**
 * The width of an element without its padding, in whole pixels; 0 until the browser has laid it out, which asking for it
 * would do at once.
 */
export function useWidth() {
  const [widthPx, setWidthPx] = useState(0)
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidthPx(Math.floor(entry.contentRect.width))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ref, widthPx }
}
