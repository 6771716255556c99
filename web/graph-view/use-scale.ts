import { useElementSize } from '@mantine/hooks'
import { type RefCallback, useCallback, useState } from 'react'
import type { GraphAnswer } from '../view-worker/view-messages.ts'

/** How large a graph is drawn. */
export interface GraphScale {
  /** Of the element that the graph scrolls in. */
  readonly ref: RefCallback<HTMLDivElement>
  /** Px on the screen for each of the layout. */
  readonly factor: number
  readonly isFit: boolean
  /** Enlarges by a factor. */
  readonly zoomBy: (by: number) => void
  /** Back to as large as the width allows. */
  readonly fit: () => void
}

const FACTOR_MIN = 0.05
const FACTOR_MAX = 4
/** A graph that fits only if its texts are unreadable starts larger, and scrolls. */
const FIT_MIN = 0.55

/** As large as the width allows until the reader zooms. */
export function useScale(reply: GraphAnswer | null): GraphScale {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const [chosen, setChosen] = useState<number | null>(null)
  const graphPx = reply?.widthPx ?? 0
  const fitted = width === 0 || graphPx === 0 ? 1 : Math.min(1, Math.max(width / graphPx, FIT_MIN))
  const factor = chosen ?? fitted
  const zoomBy = useCallback(
    (by: number) =>
      setChosen((now) => Math.min(Math.max((now ?? fitted) * by, FACTOR_MIN), FACTOR_MAX)),
    [fitted],
  )
  const fit = useCallback(() => setChosen(null), [])
  return { ref, factor, isFit: chosen === null, zoomBy, fit }
}
