import { LINE_HEIGHT, PADDING_PX, SMALL_PX } from '../graph-layout/node-box.ts'
import { heatOf } from '../graph-view/heat-of.ts'
import { linePath } from '../graph-view/line-path.ts'
import type { DrawnEdge, DrawnNode, GraphAnswer } from '../view-worker/view-messages.ts'
import { PAPER, px, svgPage, svgText, TITLE_PX } from '../pictures/svg-page.ts'

const ARROW =
  '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"' +
  ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 8 4 0 7.5Z" fill="context-stroke"/></marker></defs>'

/** The call graph as the page lays it out, as an SVG document. */
export function graphSvg(answer: GraphAnswer, title: string): string {
  const { widthPx, heightPx, nodes, edges, totals } = answer
  const shareOf = (value: number) => (totals.total === 0 ? 0 : Math.abs(value / totals.total))
  return svgPage({
    title,
    widthPx: Math.max(widthPx, 320),
    heightPx: heightPx + TITLE_PX,
    parts: [
      ARROW,
      `<g transform="translate(0 ${TITLE_PX})">`,
      ...edges.toReversed().map((edge) => drawEdge(edge, shareOf(edge.weight))),
      ...nodes.map((node) => drawNode(node, shareOf(node.cum))),
      '</g>',
    ],
  })
}

function drawEdge({ points, weight, isResidual, hasRoom, text, textAt }: DrawnEdge, share: number) {
  const stroke = mixed(weight < 0 ? COLD_LINE : HOT_LINE, LINE, share)
  const dash = isResidual ? ' stroke-dasharray="3 3"' : ''
  const width = px(1 + Math.min(share, 1) * 5)
  const path = `<path d="${linePath(points)}" fill="none" stroke="${stroke}" stroke-width="${width}"${dash} marker-end="url(#arrow)"/>`
  if (!hasRoom) return path
  const place = { x: textAt.xPx, y: textAt.yPx + SMALL_PX * 0.35 } as const
  return `${path}${svgText(text, { ...place, size: SMALL_PX, anchor: 'middle', fill: PAPER.muted, hasHalo: true })}`
}

function drawNode(node: DrawnNode, share: number): string {
  const { xPx, yPx, widthPx, heightPx, title, titlePx, amounts, cum } = node
  const [left, top] = [xPx - widthPx / 2, yPx - heightPx / 2]
  const [fill, stroke] = cum < 0 ? [COLD, COLD_LINE] : [HOT, HOT_LINE]
  const amountsTop = top + PADDING_PX + title.length * titlePx * LINE_HEIGHT
  const rect = `<rect x="${px(left)}" y="${px(top)}" width="${widthPx}" height="${heightPx}" rx="4" fill="${mixed(fill, WHITE, share)}" stroke="${mixed(stroke, LINE, share)}"/>`
  const names = title.map((text, line) => {
    const y = top + PADDING_PX + (line + 0.78) * titlePx * LINE_HEIGHT
    return svgText(text, { x: xPx, y, size: titlePx, anchor: 'middle', isBold: true })
  })
  const values = amounts.map((text, line) => {
    const y = amountsTop + (line + 0.78) * SMALL_PX * LINE_HEIGHT
    return svgText(text, { x: xPx, y, size: SMALL_PX, anchor: 'middle' })
  })
  return `<g>${[rect, ...names, ...values].join('')}</g>`
}

type Rgb = readonly [number, number, number]
const WHITE: Rgb = [255, 255, 255]
const LINE: Rgb = [169, 177, 191]
const HOT: Rgb = [242, 164, 155]
const HOT_LINE: Rgb = [180, 35, 24]
const COLD: Rgb = [169, 205, 243]
const COLD_LINE: Rgb = [29, 90, 148]

/** More of `hot` the larger the share is, as the page mixes them. */
function mixed(hot: Rgb, cold: Rgb, share: number): string {
  const part = Number.parseInt(heatOf(share), 10) / 100
  const parts = hot.map((value, row) => Math.round(value * part + (cold[row] ?? 0) * (1 - part)))
  return `rgb(${parts.join(',')})`
}
