import flamegraph, { type FlameDatum, type FlameGraph, type FlameTooltip } from 'd3-flame-graph'
import { select } from 'd3-selection'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { listenToFrames } from './flame-input.ts'
import type { FlameEvents, FlameHighlight, FlameRenderer, FlameTree } from './flame-renderer.ts'

const ROW_PX = 20
/** Callers of the zoomed frame that are drawn above it; the path line has them all. */
const CALLERS_MAX = 4

/** A throw-away object for the library, which writes into it. */
interface Drawn extends FlameDatum {
  readonly frame: DrawnFrame
  readonly c: Drawn[]
}

/**
 * Draws with d3-flame-graph. Zooming, searching, labels and tooltips are not the library's: it walks the whole tree for
 * each, counts shares of what it was given, and cannot be kept from zooming but by stopping the click on its way down
 * (https://github.com/spiermar/d3-flame-graph/issues/182).
 */
export function openD3FlameRenderer(host: HTMLElement, events: FlameEvents): FlameRenderer {
  const chart = openChart()
  const frameByElement = new WeakMap<Element, DrawnFrame>()
  const closeEvents = listenToFrames(host, events, (element) => frameByElement.get(element) ?? null)
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '' }
  let isOpen = false

  const annotate = () => {
    const frames = select(host).selectAll<SVGGElement, { data: Drawn; depth: number }>('g.frame')
    let hasTabStop = false
    frames.each(function annotateFrame({ data, depth }) {
      frameByElement.set(this, data.frame)
      this.setAttribute('role', 'treeitem')
      this.setAttribute('aria-level', String(depth + 1))
      this.setAttribute('aria-label', events.describe(data.frame))
      this.setAttribute('tabindex', hasTabStop ? '-1' : '0')
      hasTabStop = true
      applyMarks(this, data.frame, highlight)
    })
  }

  return {
    setTree(tree) {
      const root = nest(tree)
      chart.width(tree.widthPx).inverted(tree.direction === 'icicle')
      if (isOpen) chart.update(root)
      else chart(select(host).datum(root))
      isOpen = true
      annotate()
    },
    setHighlight(next) {
      highlight = next
      for (const element of host.querySelectorAll('g.frame')) {
        const frame = frameByElement.get(element)
        if (frame !== undefined) applyMarks(element, frame, highlight)
      }
    },
    destroy() {
      closeEvents()
      chart.destroy()
    },
  }
}

function openChart(): FlameGraph<Drawn> {
  const noTooltip: FlameTooltip = Object.assign(() => {}, { show: () => {}, hide: () => {} })
  return flamegraph<Drawn>()
    .cellHeight(ROW_PX)
    .minHeight(ROW_PX * 6)
    .transitionDuration(0)
    .resetHeightOnZoom(true)
    .tooltip(noTooltip)
    .setLabelHandler(() => '')
    .setColorMapper(({ data }) => `var(--subsystem-${data.frame.subsystem})`)
}

/** The flat list as the nested objects that the library wants. */
function nest({ frames, focusRow }: FlameTree): Drawn {
  const first = Math.max(focusRow - CALLERS_MAX, 0)
  const drawn: Drawn[] = []
  for (const [row, frame] of frames.entries()) {
    const isCaller = row < focusRow
    const node: Drawn = { n: labelOf(frame), v: Math.abs(frame.cum), c: [], frame }
    if (isCaller) node.fade = true
    drawn.push(node)
    if (row > first) drawn[frame.parent].c.push(node)
  }
  return drawn[first]
}

function labelOf(frame: DrawnFrame): string {
  return frame.isOther === true
    ? `+${frame.hiddenCount ?? 0}`
    : visibleText(shortFuncName(frame.name))
}

function applyMarks(element: Element, frame: DrawnFrame, highlight: FlameHighlight): void {
  const { found, marked, selected } = highlight
  const isFrame = frame.isOther !== true
  element.toggleAttribute('data-other', !isFrame)
  element.toggleAttribute('data-inferred', frame.isInferred === true && frame.key !== '')
  element.toggleAttribute('data-found', isFrame && found !== null && found.has(frame.name))
  element.toggleAttribute('data-dim', found !== null && !(isFrame && found.has(frame.name)))
  element.toggleAttribute('data-marked', isFrame && marked.has(frame.name))
  element.toggleAttribute('data-selected', isFrame && selected !== '' && frame.name === selected)
}
