import { memo } from 'react'
import { asStyle } from '../ui/as-style.ts'
import type { DrawnEdge, GraphAnswer } from '../view-worker/view-messages.ts'
import classes from './GraphView.module.css'
import { linePath } from './line-path.ts'
import { heatOf } from './heat-of.ts'

interface GraphEdgesProps {
  readonly reply: GraphAnswer
  /** The function whose calls stand out; `null` for none. */
  readonly emphasised: string | null
}

const WIDTH_MIN_PX = 1
const WIDTH_GROWTH_PX = 5

/** The calls, the lightest first, so that heavy ones lie on top. Their numbers are in the table too. */
export const GraphEdges = memo(function GraphEdges({ reply, emphasised }: GraphEdgesProps) {
  const { edges, nodes } = reply
  return (
    <g aria-hidden="true">
      <defs>
        <marker
          id="graph-arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0.5 8 4 0 7.5Z" fill="context-stroke" />
        </marker>
      </defs>
      {edges.toReversed().map((edge) => {
        const isOf = [nodes[edge.caller]?.name, nodes[edge.callee]?.name].includes(emphasised ?? '')
        return <Edge key={`${edge.caller} ${edge.callee}`} edge={edge} reply={reply} isOf={isOf} />
      })}
    </g>
  )
})

interface EdgeProps {
  readonly edge: DrawnEdge
  readonly reply: GraphAnswer
  readonly isOf: boolean
}

const Edge = memo(function Edge({ edge, reply, isOf }: EdgeProps) {
  const { total } = reply.totals
  const share = total === 0 ? 0 : Math.min(Math.abs(edge.weight) / Math.abs(total), 1)
  const { textAt } = edge
  return (
    <g
      className={classes['edge']}
      data-emphasised={isOf}
      data-residual={edge.isResidual}
      data-negative={edge.weight < 0}
      style={asStyle({ '--heat': heatOf(share) })}
    >
      <path
        d={linePath(edge.points)}
        strokeWidth={WIDTH_MIN_PX + share * WIDTH_GROWTH_PX}
        markerEnd="url(#graph-arrow)"
      />
      {(edge.hasRoom || isOf) && (
        <text x={textAt.xPx} y={textAt.yPx} dy="0.35em">
          {edge.text}
        </text>
      )}
    </g>
  )
})
