import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import type { SearchParams } from './search-params.ts'

/** As long as a picture takes on a slow machine. */
const ADDRESS_AFTER_MS = 100

interface Waiting {
  readonly timer: number
  readonly go: () => void
  /** Whether the back button undoes it. */
  readonly isStep: boolean
}

type ChangeAddress = (searchNow: () => SearchParams, replaces: boolean) => void

/**
 * A function that changes the parameters of the address when the page has had time to draw. What only `replaces` joins what
 * still waits; every other change is a step of the browser's history of its own. It is dropped, and `onDrop` called, where
 * the reader has gone back or to another page meanwhile.
 */
export function useLaterAddress(onDrop: () => void): ChangeAddress {
  const navigate = useNavigate()
  const waiting = useRef<Waiting | null>(null)
  useEffect(() => {
    const drop = () => {
      if (waiting.current === null) return
      clearTimeout(waiting.current.timer)
      waiting.current = null
      onDrop()
    }
    window.addEventListener('popstate', drop)
    return () => {
      window.removeEventListener('popstate', drop)
      drop()
    }
  }, [onDrop])
  return useCallback(
    (searchNow, replaces) => {
      const before = waiting.current
      clearTimeout(before?.timer)
      if (before !== null && !replaces) before.go()
      const isStep = !replaces || before?.isStep === true
      const { pathname } = location
      const go = () => {
        waiting.current = null
        if (location.pathname !== pathname) onDrop()
        else void navigate({ to: '.', search: searchNow(), replace: !isStep, resetScroll: false })
      }
      waiting.current = { go, isStep, timer: window.setTimeout(go, ADDRESS_AFTER_MS) }
    },
    [navigate, onDrop],
  )
}
