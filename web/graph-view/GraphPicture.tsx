import {
  memo,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTexts } from '../texts/texts-context.ts'
import type { GraphAnswer } from '../view-worker/view-messages.ts'
import type { GraphEvents } from './graph-events.ts'
import { GraphEdges } from './GraphEdges.tsx'
import { GraphNodes } from './GraphNodes.tsx'
import classes from './GraphView.module.css'
import type { GraphScale } from './use-scale.ts'
import { usePan } from './use-pan.ts'

interface GraphPictureProps {
  readonly reply: GraphAnswer
  readonly scale: GraphScale
  readonly selected: string
  readonly found: ReadonlySet<string> | null
  readonly marked: ReadonlySet<string>
  readonly on: GraphEvents
}

/** The placed graph in an element that scrolls. Ctrl and the wheel zoom, a drag moves, arrows go along the calls. */
export const GraphPicture = memo(function GraphPicture(props: GraphPictureProps) {
  const { reply, scale, selected, found, marked, on } = props
  const texts = useTexts()
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: measured } = scale
  const setScroller = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element
      return measured(element)
    },
    [measured],
  )
  usePan(scroller, scale)
  useStart(scroller, reply, selected)
  const [pointed, setPointed] = useState<string | null>(null)
  const point = useMemo(
    () => (name: string | null) => {
      setPointed(name)
      on.point(name)
    },
    [on],
  )
  const { widthPx, heightPx } = reply
  const emphasised = pointed ?? (selected === '' ? null : selected)
  return (
    <div ref={setScroller} className={classes['scroller']} data-graph={reply.nodes.length}>
      <svg
        role="group"
        aria-label={texts.graphLabel}
        width={widthPx * scale.factor}
        height={heightPx * scale.factor}
        viewBox={`0 0 ${widthPx} ${heightPx}`}
        className={classes['picture']}
      >
        <GraphEdges reply={reply} emphasised={emphasised} />
        <GraphNodes
          reply={reply}
          selected={selected}
          found={found}
          marked={marked}
          on={{ ...on, point }}
        />
      </svg>
    </div>
  )
})

/** The graph starts with the selected function in the middle, else with the top of the largest one. */
function useStart(
  scroller: RefObject<HTMLDivElement | null>,
  { nodes, widthPx, heightPx }: GraphAnswer,
  selected: string,
) {
  const latest = useRef(selected)
  useLayoutEffect(() => {
    latest.current = selected
  }, [selected])
  useLayoutEffect(() => {
    const element = scroller.current
    const chosen = nodes.find(({ name }) => name === latest.current)
    const start = chosen ?? nodes.toSorted((a, b) => Math.abs(b.cum) - Math.abs(a.cum))[0]
    if (element === null || start === undefined) return
    const xPx = (start.xPx / widthPx) * element.scrollWidth
    const yPx = (start.yPx / heightPx) * element.scrollHeight
    const topPx = chosen === undefined ? 0 : yPx - element.clientHeight / 2
    element.scrollTo(xPx - element.clientWidth / 2, topPx)
  }, [scroller, nodes, widthPx, heightPx])
}
