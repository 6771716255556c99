import { type KeyboardEvent, memo, useState } from 'react'
import { formatShare, formatValue } from '../../profile/index.ts'
import { LINE_HEIGHT, PADDING_PX, SMALL_PX } from '../graph-layout/node-box.ts'
import { useTexts } from '../texts/texts-context.ts'
import { asStyle } from '../ui/as-style.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnNode, GraphAnswer } from '../view-worker/view-messages.ts'
import type { GraphEvents } from './graph-events.ts'
import classes from './GraphView.module.css'
import { heatOf } from './heat-of.ts'
import { nodeBeside } from './node-beside.ts'

interface GraphNodesProps {
  readonly reply: GraphAnswer
  readonly selected: string
  readonly found: ReadonlySet<string> | null
  readonly marked: ReadonlySet<string>
  readonly on: GraphEvents
}

/** The functions. One is reached by Tab, the others from there by arrow keys. */
export function GraphNodes({ reply, selected, found, marked, on }: GraphNodesProps) {
  const [current, setCurrent] = useState('')
  const { nodes, totals } = reply
  const known = nodes.findIndex(({ name }) => name === (current === '' ? selected : current))
  const place = Math.max(known, 0)
  const press = (event: KeyboardEvent<SVGGElement>, node: DrawnNode) => {
    const next = nodeBeside(reply, place, event.key)
    if (next !== null) {
      setCurrent(nodes[next]?.name ?? '')
      const target = event.currentTarget.parentElement?.children[next]
      if (target instanceof SVGElement) target.focus()
    } else if (event.key === 'Enter' || event.key === ' ') on.select(node.name)
    else if (event.key === 'm' || event.key === 'ContextMenu') {
      const box = event.currentTarget.getBoundingClientRect()
      on.menu(node.name, box.left, box.bottom)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <g>
      {nodes.map((node, row) => (
        <Node
          key={node.name}
          node={node}
          unit={totals.unit}
          total={totals.total}
          isCurrent={row === place}
          isSelected={node.name === selected}
          isFound={found?.has(node.name) ?? null}
          isMarked={marked.has(node.name)}
          on={on}
          onFocus={setCurrent}
          onKey={press}
        />
      ))}
    </g>
  )
}

interface NodeProps {
  readonly node: DrawnNode
  readonly unit: string
  readonly total: number
  readonly isCurrent: boolean
  readonly isSelected: boolean
  /** `null` without a search. */
  readonly isFound: boolean | null
  readonly isMarked: boolean
  readonly on: GraphEvents
  readonly onFocus: (name: string) => void
  readonly onKey: (event: KeyboardEvent<SVGGElement>, node: DrawnNode) => void
}

const Node = memo(function Node(props: NodeProps) {
  const { node, unit, total, on } = props
  const texts = useTexts()
  const share = total === 0 ? 0 : node.cum / total
  const amount = (value: number) =>
    `${formatValue(value, unit)}, ${formatShare(total === 0 ? 0 : value / total)}`
  const label = `${visibleText(node.name)}, ${texts.flat} ${amount(node.flat)}, ${texts.cum} ${amount(node.cum)}`
  return (
    <g
      role="button"
      aria-pressed={props.isSelected}
      tabIndex={props.isCurrent ? 0 : -1}
      className={classes['node']}
      transform={`translate(${node.xPx - node.widthPx / 2} ${node.yPx - node.heightPx / 2})`}
      data-found={props.isFound === true}
      data-dim={props.isFound === false}
      data-marked={props.isMarked}
      data-negative={node.cum < 0}
      style={asStyle({ '--heat': heatOf(share) })}
      onClick={() => on.select(node.name)}
      onFocus={() => {
        props.onFocus(node.name)
        on.point(node.name)
      }}
      onBlur={() => on.point(null)}
      onMouseEnter={() => on.point(node.name)}
      onMouseLeave={() => on.point(null)}
      onContextMenu={(event) => {
        event.preventDefault()
        on.menu(node.name, event.clientX, event.clientY)
      }}
      onKeyDown={(event) => props.onKey(event, node)}
    >
      <title>{label}</title>
      <rect width={node.widthPx} height={node.heightPx} rx="4" />
      <Lines node={node} />
    </g>
  )
})

function Lines({ node }: { readonly node: DrawnNode }) {
  const { title, amounts, titlePx, widthPx } = node
  const titleHeightPx = titlePx * LINE_HEIGHT
  const amountsTopPx = PADDING_PX + title.length * titleHeightPx
  return (
    <g>
      {title.map((text, line) => (
        <text
          // oxlint-disable-next-line react/no-array-index-key -- lines have no identity but their place
          key={line}
          x={widthPx / 2}
          y={PADDING_PX + (line + 0.78) * titleHeightPx}
          fontSize={titlePx}
          className={classes['title']}
        >
          {text}
        </text>
      ))}
      {amounts.map((text, line) => (
        <text
          // oxlint-disable-next-line react/no-array-index-key -- as above
          key={line}
          x={widthPx / 2}
          y={amountsTopPx + (line + 0.78) * SMALL_PX * LINE_HEIGHT}
          fontSize={SMALL_PX}
        >
          {text}
        </text>
      ))}
    </g>
  )
}
