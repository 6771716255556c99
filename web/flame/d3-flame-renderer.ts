import flamegraph, { type FlameDatum, type FlameGraph, type FlameTooltip } from 'd3-flame-graph'
import { select } from 'd3-selection'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { listenToFrames } from './flame-input.ts'
import type { FlameEvents, FlameHighlight, FlameRenderer, FlameTree } from './flame-renderer.ts'

const ROW_PX = 20
/** Number of callers drawn above the zoomed frame; the path line shows all. */
const CALLERS_MAX = 4

/** Narrower frames have no label; the same limit as the library's. */
const LABEL_PX_MIN = 35

/** A throw-away object for the library, which writes into it. */
interface Drawn extends FlameDatum {
  readonly row: number
  readonly subsystem: DrawnFrame['subsystem']
  readonly c: Drawn[]
}

/**
 * Draws with d3-flame-graph. Does not use the library's zoom, search, labels and tooltips: each
 * walks the whole tree, shares are of the pruned tree, and only stopping the click event prevents
 * the library from zooming (https://github.com/spiermar/d3-flame-graph/issues/182).
 */
export function openD3FlameRenderer(host: HTMLElement, events: FlameEvents): FlameRenderer {
  const chart = openChart()
  const rowByElement = new WeakMap<Element, number>()
  let frames: readonly DrawnFrame[] = []
  const frameOf = (element: Element) => frames[rowByElement.get(element) ?? -1] ?? null
  const closeEvents = listenToFrames(host, events, frameOf)
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '' }
  let isOpen = false

  const showMarks = () => {
    const { isRelated } = relateToMarks(frames, highlight.marked)
    for (const element of host.querySelectorAll('g.frame')) {
      const row = rowByElement.get(element) ?? 0
      const frame = frames[row]
      if (frame !== undefined) applyMarks(element, frame, highlight, isRelated[row] === 0)
    }
  }
  const annotate = () => {
    const elements = select(host).selectAll<SVGGElement, { data: Drawn; depth: number }>('g.frame')
    elements.each(function annotateFrame({ data, depth }, index) {
      rowByElement.set(this, data.row)
      this.setAttribute('role', 'treeitem')
      this.setAttribute('aria-level', String(depth + 1))
      const frame = frames[data.row]
      if (frame !== undefined) this.setAttribute('aria-label', events.describe(frame))
      this.setAttribute('tabindex', index === 0 ? '0' : '-1')
      this.toggleAttribute('data-narrow', Number(this.getAttribute('width')) < LABEL_PX_MIN)
    })
    showMarks()
  }

  return {
    setTree(tree) {
      const hadFocus = host.contains(document.activeElement)
      frames = tree.frames
      const root = nest(tree)
      chart.width(tree.widthPx).inverted(tree.direction === 'icicle')
      if (isOpen) chart.update(root)
      else chart(select(host).datum(root))
      isOpen = true
      annotate()
      if (hadFocus) focusRow(host, tree.focusRow, (element) => rowByElement.get(element))
    },
    setHighlight(next) {
      highlight = next
      showMarks()
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
    .setColorMapper(({ data }) => `var(--subsystem-${data.subsystem})`)
}

/** The flat list as the nested objects that the library requires. */
function nest({ frames, focusRow }: FlameTree): Drawn {
  const first = Math.max(focusRow - CALLERS_MAX, 0)
  const drawn: Drawn[] = []
  for (const [row, frame] of frames.entries()) {
    const isCaller = row < focusRow
    const { subsystem } = frame
    const node: Drawn = { n: labelOf(frame), v: Math.abs(frame.cum), c: [], row, subsystem }
    if (isCaller) node.fade = true
    drawn.push(node)
    if (row > first) drawn[frame.parent]?.c.push(node)
  }
  const root = drawn[first]
  if (root === undefined) throw new RangeError('a tree to draw has a root')
  return root
}

function labelOf(frame: DrawnFrame): string {
  return frame.isOther === true
    ? `+${frame.hiddenCount ?? 0}`
    : visibleText(shortFuncName(frame.name))
}

/** 1 for the marked frames, their callers and callees; 1 for all frames when no frame is marked. */
function relateToMarks(frames: readonly DrawnFrame[], marked: ReadonlySet<string>) {
  const isRelated = new Uint8Array(frames.length)
  const isBelow = new Uint8Array(frames.length)
  let hasMarks = false
  for (const [row, { name, parent, isOther }] of frames.entries()) {
    const isMarked = isOther !== true && marked.has(name)
    isBelow[row] = isMarked || isBelow[parent] === 1 ? 1 : 0
    if (!isMarked) continue
    hasMarks = true
    for (let at = row; isRelated[at] === 0; at = frames[at]?.parent ?? -1) isRelated[at] = 1
  }
  if (!hasMarks) return { isRelated: isRelated.fill(1) }
  return { isRelated: isRelated.map((related, row) => related | (isBelow[row] ?? 0)) }
}

function applyMarks(
  element: Element,
  frame: DrawnFrame,
  { found, marked, selected }: FlameHighlight,
  isUnrelated: boolean,
): void {
  const isFrame = frame.isOther !== true
  const isFound = isFrame && found !== null && found.has(frame.name)
  element.toggleAttribute('data-other', !isFrame)
  element.toggleAttribute('data-inferred', frame.isInferred === true && frame.key !== '')
  element.toggleAttribute('data-found', isFound)
  element.toggleAttribute('data-dim', found === null ? isUnrelated : !isFound)
  element.toggleAttribute('data-marked', isFrame && marked.has(frame.name))
  element.toggleAttribute('data-selected', isFrame && selected !== '' && frame.name === selected)
}

/** Keeps the keyboard focus: after a zoom it is on the zoomed frame. */
function focusRow(
  host: HTMLElement,
  row: number,
  rowOf: (element: Element) => number | undefined,
): void {
  for (const element of host.querySelectorAll<SVGGElement>('g.frame')) {
    const isFocus = rowOf(element) === row
    element.setAttribute('tabindex', isFocus ? '0' : '-1')
    if (isFocus) element.focus({ preventScroll: true })
  }
}
