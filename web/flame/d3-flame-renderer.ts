import flamegraph, { type FlameDatum, type FlameGraph, type FlameTooltip } from 'd3-flame-graph'
import { select } from 'd3-selection'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { frameColour, heaviestOf, isDarkNow, paletteOf } from './flame-colours.ts'
import { listenToFrames } from './flame-input.ts'
import {
  CALLERS_MAX,
  type FlameEvents,
  type FlameHighlight,
  type FlameRenderer,
  type FlameTree,
  ROW_PX,
} from './flame-renderer.ts'
import { relatedFrames } from './related-frames.ts'

/** Narrower frames have no label; the same limit as the library's. */
const LABEL_PX_MIN = 35

/** A throw-away object for the library, which writes into it. */
interface Drawn extends FlameDatum {
  readonly row: number
  readonly colour: string
  readonly c: Drawn[]
}

/**
 * Draws small trees with d3-flame-graph: elements of their own cost 60 to 100 us each, and serve all tools of a
 * browser. Does not use the library's zoom, search, labels and tooltips: each
 * walks the whole tree, shares are of the pruned tree, and only stopping the click event prevents
 * the library from zooming (https://github.com/spiermar/d3-flame-graph/issues/182).
 */
export function openD3FlameRenderer(host: HTMLElement, events: FlameEvents): FlameRenderer {
  const chart = openChart()
  const rowByElement = new WeakMap<Element, number>()
  let frames: readonly DrawnFrame[] = []
  const frameOf = (element: Element) => frames[rowByElement.get(element) ?? -1] ?? null
  const closeEvents = listenToFrames(host, events, frameOf)
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '', subsystem: null }
  let isOpen = false

  const showMarks = () => {
    const isRelated = relatedFrames(frames, highlight.marked)
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
      host.dataset['frames'] = String(frames.length)
      const root = nest(tree, host)
      chart.width(tree.widthPx).inverted(tree.direction === 'icicle')
      if (isOpen) chart.update(root)
      else chart(select(host).datum(root))
      isOpen = true
      annotate()
      if (hadFocus) {
        const element = setCurrent(host, tree.focusRow, (one) => rowByElement.get(one))
        element?.focus({ preventScroll: true })
      }
    },
    setHighlight(next) {
      highlight = next
      showMarks()
    },
    reveal(test) {
      const row = frames.findIndex((frame) => frame.isOther !== true && test(frame))
      if (row === -1) return false
      const hadFocus = host.contains(document.activeElement)
      const element = setCurrent(host, row, (one) => rowByElement.get(one))
      if (hadFocus) element?.focus({ preventScroll: true })
      element?.scrollIntoView({ block: 'center' })
      return true
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
    .setColorMapper(({ data }) => data.colour)
}

/** The flat list as the nested objects that the library requires. */
function nest({ frames, focusRow, colour }: FlameTree, host: HTMLElement): Drawn {
  const isPlain = colour === 'subsystem' && frames[focusRow]?.change === undefined
  const palette = isPlain ? null : paletteOf(host, isDarkNow())
  const heaviest = heaviestOf(frames)
  const first = Math.max(focusRow - CALLERS_MAX, 0)
  const drawn: Drawn[] = []
  for (const [row, frame] of frames.entries()) {
    const isCaller = row < focusRow
    const node: Drawn = {
      n: labelOf(frame),
      v: frame.weight,
      c: [],
      row,
      colour:
        palette === null
          ? `var(--subsystem-${frame.subsystem})`
          : frameColour(frame, colour, palette, heaviest),
    }
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
    : `${frame.cum < 0 ? '− ' : ''}${visibleText(shortFuncName(frame.name))}`
}

function applyMarks(
  element: Element,
  frame: DrawnFrame,
  { found, marked, selected, subsystem }: FlameHighlight,
  isUnrelated: boolean,
): void {
  const isFrame = frame.isOther !== true
  const isFound = isFrame && found !== null && found.has(frame.name)
  element.toggleAttribute('data-other', !isFrame)
  element.toggleAttribute('data-inferred', frame.isInferred === true && frame.key !== '')
  element.toggleAttribute('data-found', isFound)
  const isElsewhere = subsystem !== null && frame.subsystem !== subsystem
  element.toggleAttribute('data-dim', found === null ? isUnrelated || isElsewhere : !isFound)
  element.toggleAttribute('data-inlined', isFrame && frame.isInlined === true)
  element.toggleAttribute('data-negative', frame.cum < 0)
  element.toggleAttribute('data-marked', isFrame && marked.has(frame.name))
  element.toggleAttribute('data-selected', isFrame && selected !== '' && frame.name === selected)
}

/** Makes the frame of a row the one that the keyboard comes to, and returns its element. */
function setCurrent(
  host: HTMLElement,
  row: number,
  rowOf: (element: Element) => number | undefined,
): SVGGElement | undefined {
  const elements = [...host.querySelectorAll<SVGGElement>('g.frame')]
  const current = elements.find((element) => rowOf(element) === row)
  for (const element of elements) element.setAttribute('tabindex', element === current ? '0' : '-1')
  return current
}
