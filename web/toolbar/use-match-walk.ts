import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Match, SearchAnswer } from '../view-worker/view-messages.ts'

/** A walk through the matches of a search. */
export interface MatchWalk {
  readonly count: number
  /** The row of the match that was stepped to; `null` before the first step. */
  readonly row: number | null
  readonly match: Match | null
  /**
   * Steps to the next or previous match, around the ends. With a text whose matches are not there yet, it steps as soon
   * as they are. It keeps its identity.
   */
  readonly step: (by: 1 | -1, text?: string) => void
}

/** Starts anew with each search. */
export function useMatchWalk(found: SearchAnswer | null): MatchWalk {
  const [place, setPlace] = useState<{ of: SearchAnswer | null; row: number | null }>({
    of: null,
    row: null,
  })
  const count = found?.matches.length ?? 0
  const row = place.of === found ? place.row : null
  const latest = useRef(found)
  const awaited = useRef<{ by: 1 | -1; text: string } | null>(null)
  const step = useCallback((by: 1 | -1, text?: string) => {
    const of = latest.current
    const isThere = text === undefined || of?.text === text
    awaited.current = isThere ? null : { by, text }
    if (!isThere) return
    const count = of?.matches.length ?? 0
    if (count === 0) return
    setPlace((last) => {
      const from = last.of === of ? last.row : null
      const next = from === null ? (by === 1 ? 0 : count - 1) : (from + by + count) % count
      return { of, row: next }
    })
  }, [])
  useLayoutEffect(() => {
    latest.current = found
    const next = awaited.current
    if (next !== null && next.text === found?.text) step(next.by)
  }, [found, step])
  return useMemo(
    () => ({ count, row, step, match: row === null ? null : (found?.matches[row] ?? null) }),
    [count, row, step, found],
  )
}
