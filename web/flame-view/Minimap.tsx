import { useComputedColorScheme } from '@mantine/core'
import { type PointerEvent, useDeferredValue, useLayoutEffect, useRef, useState } from 'react'
import type { FlameRange } from '../../profile/index.ts'
import { paletteOf } from '../flame/flame-colours.ts'
import { WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { paintMinimap } from '../flame/paint-minimap.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'
import classes from './Minimap.module.css'

interface MinimapProps {
  readonly client: ViewClient
  readonly query: TreeQuery
  readonly hidesChain: boolean
  readonly widthPx: number
  readonly state: ViewState
  /** The part of the whole that the chart shows. */
  readonly shown: FlameRange
  readonly onShow: (part: FlameRange) => void
}

const FRAMES_MAX = 1500
const FRAME_PX_MIN = 2
const PART_MIN = 0.002

/** The whole profile in small, with a window on what the chart shows. Dragging chooses another part. */
export function Minimap(props: MinimapProps) {
  const { client, query, hidesChain, widthPx, state, shown, onShow } = props
  const texts = useTexts()
  const canvas = useRef<HTMLCanvasElement>(null)
  const scheme = useComputedColorScheme('light')
  const { data } = useWorkerAnswer(
    client,
    ['flame', query, 'minimap', hidesChain, widthPx],
    () =>
      client.flame({
        query,
        hidesChain,
        widthPx,
        zoom: '',
        range: WHOLE_RANGE,
        framesMax: FRAMES_MAX,
        framePxMin: FRAME_PX_MIN,
      }),
    widthPx > 0,
  )
  const { colour, direction } = state
  // The chart is painted first.
  const later = useDeferredValue(data ?? null, null)
  useLayoutEffect(() => {
    if (canvas.current === null || later === null || widthPx === 0) return
    const palette = paletteOf(document.body, scheme === 'dark')
    const { frames, focusRow } = later
    const tree = { frames, focusRow, range: WHOLE_RANGE, widthPx, direction, colour }
    paintMinimap(canvas.current, tree, palette)
  }, [later, widthPx, colour, direction, scheme])
  const drag = useDrag(onShow)
  const { from, to } = drag.part ?? shown
  return (
    <div className={classes['map']} title={texts.minimap} {...drag.listeners}>
      <canvas ref={canvas} className={classes['canvas']} aria-hidden="true" />
      {to - from < 0.999 && (
        <span
          className={classes['window']}
          style={{ left: `${from * 100}%`, width: `max(${(to - from) * 100}%, 3px)` }}
        />
      )}
    </div>
  )
}

/** Dragging from one place to another chooses the part between them. */
function useDrag(onShow: (part: FlameRange) => void) {
  const [start, setStart] = useState<number | null>(null)
  const [part, setPart] = useState<FlameRange | null>(null)
  const end = () => {
    setStart(null)
    setPart(null)
  }
  return {
    part,
    listeners: {
      onPointerDown(event: PointerEvent) {
        event.currentTarget.setPointerCapture(event.pointerId)
        setStart(placeOf(event))
      },
      onPointerMove(event: PointerEvent) {
        if (start === null) return
        const place = placeOf(event)
        setPart({ from: Math.min(start, place), to: Math.max(start, place) })
      },
      onPointerUp() {
        onShow(part !== null && part.to - part.from > PART_MIN ? part : WHOLE_RANGE)
        end()
      },
      onPointerCancel: end,
    },
  }
}

/** In parts of the width. */
function placeOf(event: PointerEvent): number {
  const box = event.currentTarget.getBoundingClientRect()
  return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1)
}
