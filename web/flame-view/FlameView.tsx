import { Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { useActions } from '../actions/actions-context.ts'
import { FlameChart } from '../flame/FlameChart.tsx'
import { WHOLE_RANGE } from '../flame/flame-renderer.ts'
import type { FlameRange, SubsystemId } from '../../profile/index.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type {
  DrawnFrame,
  FlameAnswer,
  FlameRequest,
  TreeQuery,
} from '../view-worker/view-messages.ts'
import { useAskAhead, useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import classes from './FlameView.module.css'
import { FlameBar } from './FlameBar.tsx'
import { FlameLegend } from './FlameLegend.tsx'
import { FrameDetails } from '../view-parts/FrameDetails.tsx'
import { Minimap } from './Minimap.tsx'

const FRAMES_MAX = 4000
/** Narrower frames would be less than a pixel: they are drawn as part of their caller. */
const FRAME_PX_MIN = 1
const RANGE_SETTLES_MS = 90

/** Where the time goes, callers above callees; a frame's width is its share. */
export function FlameView(props: ViewProps) {
  const { client, widthPx, query, state, update, found, marked, walk } = props
  const { range, setRange, settledRange } = useRange(state.zoom, query)
  const { zoom } = state
  const hidesChain = state.chain === 'auto'
  const { question, ask } = flameQuestion(client, {
    query,
    zoom,
    hidesChain,
    range: settledRange,
    widthPx,
  })
  const flame = useWorkerAnswer(client, question, ask, widthPx > 0)
  const top = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const [subsystem, setSubsystem] = useState<SubsystemId | null>(null)
  const askAhead = useAskAhead(client)
  const zoomAhead = useCallback(
    (key: string) => {
      const next = { query, zoom: key, hidesChain, range: WHOLE_RANGE, widthPx }
      const ahead = flameQuestion(client, next)
      askAhead(ahead.question, ahead.ask)
    },
    [askAhead, client, query, hidesChain, widthPx],
  )
  const pointing = usePointing(props, flame.data, zoomAhead)
  const { selected } = state
  const { data, error } = flame
  const isSettled = !flame.isPlaceholderData
  const shownSelected = useSettled(selected, isSettled)
  const isShownZoomed = useSettled(zoom !== '' || range !== WHOLE_RANGE, isSettled)
  const highlight = useMemo(
    () => ({ found: found?.names ?? null, marked, selected: shownSelected, subsystem }),
    [found, marked, shownSelected, subsystem],
  )
  // The picture first: what stands around it follows when the browser has time. Before the picture it would take the next
  // frame for itself.
  const later = useDeferredValue(data)
  const laterSelected = useDeferredValue(shownSelected)
  const isZoomed = useDeferredValue(isShownZoomed)
  const isEmpty = data?.totals.filteredTotal === 0
  const zoomTo = useCallback((key: string) => update({ zoom: key }), [update])
  const zoomOut = useCallback(() => {
    setRange(WHOLE_RANGE)
    update({ zoom: '' })
  }, [setRange, update])
  return (
    <>
      <FlameBar
        reply={later ?? null}
        widthPx={widthPx}
        colour={state.colour}
        direction={state.direction}
        update={update}
        isZoomed={isZoomed}
        onZoom={zoomTo}
        onWhole={zoomOut}
      />
      <FlameLegend
        colour={state.colour}
        reply={later ?? null}
        top={top.data ?? null}
        chosen={subsystem}
        onChoose={setSubsystem}
      />
      {data !== undefined && !isEmpty && (
        <Minimap
          client={client}
          query={query}
          hidesChain={hidesChain && data.isChainHidden}
          widthPx={widthPx}
          state={state}
          shown={partOf(data.place, range)}
          onShow={(part) => {
            if (isInside(data.place, part)) setRange(rangeWithin(data.place, part))
            else {
              setRange(part, '')
              update({ zoom: '' })
            }
          }}
        />
      )}
      <div className={classes['chart']}>
        {data !== undefined && !isEmpty && widthPx > 0 && (
          <FlameChart
            reply={data}
            range={range}
            widthPx={widthPx}
            direction={state.direction}
            colour={state.colour}
            highlight={highlight}
            revealed={walk.match?.key ?? ''}
            onHidden={zoomTo}
            on={{ ...pointing.on, onRange: (next) => setRange(next) }}
          />
        )}
        {data === undefined && error === null && (
          <Skeleton height={340} radius="sm" animate={false} />
        )}
      </div>
      {(isEmpty || (error !== null && data === undefined)) && (
        <ViewNotice error={error} filters={state.filters} update={update} />
      )}
      <FrameDetails
        pointed={pointing.pointed}
        selected={laterSelected}
        top={top.data ?? null}
        client={client}
      />
    </>
  )
}

type FlameQuestion = Omit<FlameRequest, 'framesMax' | 'framePxMin'>

/** What the worker is asked for a picture, and the key that it is kept by. */
function flameQuestion(client: ViewClient, asked: FlameQuestion) {
  const { query, zoom, hidesChain, range, widthPx } = asked
  return {
    question: ['flame', query, zoom, hidesChain, range, widthPx],
    ask: () => client.flame({ ...asked, framesMax: FRAMES_MAX, framePxMin: FRAME_PX_MIN }),
  }
}

/** The last value from when `isSettled`: what belongs to a new picture is not drawn on the one before. */
function useSettled<Value>(value: Value, isSettled: boolean): Value {
  const [settled, setSettled] = useState(value)
  if (isSettled && settled !== value) setSettled(value)
  return isSettled ? value : settled
}

/** What the reader points at, and what happens when they act on it. */
function usePointing(
  { update, onPointed }: ViewProps,
  reply: FlameAnswer | undefined,
  zoomAhead: (key: string) => void,
) {
  const actions = useActions()
  const [pointed, setPointed] = useState<DrawnFrame | null>(null)
  const on = useMemo(
    () => ({
      // The details keep the last frame, so that they can be reached with the pointer.
      onPoint(frame: DrawnFrame | null) {
        if (frame !== null) setPointed(frame)
        onPointed(frame === null || frame.isOther === true ? null : subjectOf(frame, reply))
      },
      onSelect: (frame: DrawnFrame) => update({ selected: frame.name }),
      onZoom(frame: DrawnFrame) {
        // Thousands of calls stay too narrow at any zoom; as rows of a tree they can be read.
        if (frame.isOther === true && frame.parent === reply?.focusRow) update({ view: 'tree' })
        else {
          zoomAhead(frame.key)
          update({ zoom: frame.key, selected: frame.key === '' ? '' : frame.name })
        }
      },
      onMenu(frame: DrawnFrame, xPx: number, yPx: number) {
        if (frame.isOther !== true) actions.openMenu(subjectOf(frame, reply), { xPx, yPx })
      },
    }),
    [actions, update, onPointed, reply, zoomAhead],
  )
  return {
    pointed: pointed !== null && reply?.frames.includes(pointed) === true ? pointed : null,
    on,
  }
}

function subjectOf(frame: DrawnFrame, reply: FlameAnswer | undefined) {
  const frames = reply?.frames ?? []
  const stack: string[] = []
  for (let at: DrawnFrame | undefined = frame; at !== undefined; at = frames[at.parent]) {
    if (at.key !== '') stack.unshift(at.name)
  }
  return { kind: 'func' as const, name: frame.name, stack }
}

/** The shown part of the zoomed frame. It is whole again when the frame or the filters change. */
function useRange(zoom: string, query: TreeQuery) {
  const of = ofWhat(zoom, query)
  const [shown, setShown] = useState({ of, range: WHOLE_RANGE })
  const range = shown.of === of ? shown.range : WHOLE_RANGE
  const setRange = useCallback(
    (next: FlameRange, nextZoom = zoom) => setShown({ of: ofWhat(nextZoom, query), range: next }),
    [zoom, query],
  )
  const [settled] = useDebouncedValue(shown, RANGE_SETTLES_MS)
  const settledRange = settled.of === of ? settled.range : WHOLE_RANGE
  return { range, setRange, settledRange }
}

function ofWhat(zoom: string, query: TreeQuery): string {
  return `${zoom} ${JSON.stringify(query)}`
}

/** A range of a frame as a part of the whole. */
function partOf(place: FlameRange, range: FlameRange): FlameRange {
  const length = place.to - place.from
  return { from: place.from + range.from * length, to: place.from + range.to * length }
}

function isInside(place: FlameRange, part: FlameRange): boolean {
  return part.from >= place.from && part.to <= place.to
}

/** The inverse of `partOf`. */
function rangeWithin(place: FlameRange, part: FlameRange): FlameRange {
  const length = place.to - place.from || 1
  return { from: (part.from - place.from) / length, to: (part.to - place.from) / length }
}
