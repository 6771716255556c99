import { listenToCanvas } from './canvas-input.ts'
import { type CanvasPart, paintFrames } from './paint-frames.ts'
import { isDarkNow, readPalette } from './flame-colours.ts'
import {
  type FlameEvents,
  type FlameHighlight,
  type FlameRenderer,
  type FlameTree,
  ROW_PX,
} from './flame-renderer.ts'
import { type PlacedFrames, placeFrames } from './place-frames.ts'

/** How far beyond the window the canvas reaches, so that small scrolls need no drawing. */
const MARGIN_PX = 400

/**
 * Draws on a canvas as high as the window, which follows the scroll position: a stack of 3,000 frames is 60,000 px
 * high, more than a canvas may be. The current frame is an element of its own, for screen readers and for scrolling.
 */
export function openCanvasFlameRenderer(host: HTMLElement, events: FlameEvents): FlameRenderer {
  const canvas = document.createElement('canvas')
  canvas.setAttribute('aria-hidden', 'true')
  const item = document.createElement('div')
  item.id = `flame-item-${nextId++}`
  item.setAttribute('role', 'treeitem')
  item.dataset['flameItem'] = ''
  host.append(canvas, item)
  host.tabIndex = 0
  host.setAttribute('aria-activedescendant', item.id)

  let palette = readPalette(host, isDarkNow())
  let tree: FlameTree | null = null
  let placed: PlacedFrames | null = null
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '', subsystem: null }
  let current = 0
  let isDrawRequested = false

  const draw = () => {
    isDrawRequested = false
    if (tree === null || placed === null) return
    const part = visiblePart(host, placed.rowCount * ROW_PX)
    sizeCanvas(canvas, tree.widthPx, part)
    const isFocused = host.matches(':focus-visible')
    paintFrames(canvas, part, {
      tree,
      placed,
      highlight,
      palette,
      current: isFocused ? current : -1,
    })
  }
  const requestDraw = () => {
    if (isDrawRequested) return
    isDrawRequested = true
    requestAnimationFrame(draw)
  }
  const setCurrent = (at: number) => {
    if (tree === null || placed === null) return
    current = at
    describeItem(item, tree, placed, at, events)
    requestDraw()
  }
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('scroll', requestDraw, { passive: true, capture: true, signal })
  window.addEventListener('resize', requestDraw, { signal })
  host.addEventListener('focus', requestDraw, { signal })
  host.addEventListener('blur', requestDraw, { signal })
  const schemes = new MutationObserver(() => {
    palette = readPalette(host, isDarkNow())
    requestDraw()
  })
  schemes.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] })
  listenToCanvas(host, events, {
    signal,
    shown: () => (tree === null || placed === null ? null : { tree, placed }),
    current: () => current,
    setCurrent,
    moveTo(at) {
      setCurrent(at)
      item.scrollIntoView({ block: 'nearest' })
    },
  })

  return {
    setTree(next) {
      const keyBefore = tree?.frames[current]?.key
      tree = next
      placed = placeFrames(next)
      host.style.height = `${placed.rowCount * ROW_PX}px`
      host.dataset['frames'] = String(next.frames.length)
      const same = next.frames.findIndex(
        ({ key, isOther }) => key === keyBefore && isOther !== true,
      )
      // Drawn once before the next frame, together with a change of the highlight.
      setCurrent(same === -1 ? next.focusRow : same)
    },
    setHighlight(next) {
      highlight = next
      requestDraw()
    },
    reveal(test) {
      const at = tree?.frames.findIndex((frame) => frame.isOther !== true && test(frame)) ?? -1
      if (at === -1) return false
      setCurrent(at)
      item.scrollIntoView({ block: 'center' })
      return true
    },
    destroy() {
      stop.abort()
      schemes.disconnect()
      canvas.remove()
      item.remove()
      host.style.height = ''
      host.removeAttribute('aria-activedescendant')
    },
  }
}

let nextId = 1

function visiblePart(host: HTMLElement, totalPx: number): CanvasPart {
  const hostTopPx = host.getBoundingClientRect().top
  const topPx = Math.max(Math.floor((-hostTopPx - MARGIN_PX) / ROW_PX) * ROW_PX, 0)
  const heightPx = Math.min(window.innerHeight + 2 * MARGIN_PX, totalPx - topPx)
  return { topPx: Math.min(topPx, totalPx), heightPx: Math.max(heightPx, 0) }
}

function sizeCanvas(canvas: HTMLCanvasElement, widthPx: number, part: CanvasPart): void {
  const scale = window.devicePixelRatio
  const width = Math.round(widthPx * scale)
  const height = Math.round(part.heightPx * scale)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.style.width = `${widthPx}px`
  canvas.style.height = `${part.heightPx}px`
  canvas.style.top = `${part.topPx}px`
}

/** The current frame as an element: its label, and its place in the tree and in the picture. */
function describeItem(
  item: HTMLElement,
  { frames, widthPx }: FlameTree,
  placed: PlacedFrames,
  at: number,
  events: FlameEvents,
): void {
  const frame = frames[at]
  if (frame === undefined) return
  const siblings = frames.filter(({ parent }) => parent === frame.parent)
  item.setAttribute('aria-label', events.describe(frame))
  item.setAttribute('aria-level', String(levelOf(frames, at)))
  item.setAttribute('aria-setsize', String(siblings.length))
  item.setAttribute('aria-posinset', String(siblings.indexOf(frame) + 1))
  item.dataset['key'] = frame.key
  const leftPx = Math.max(placed.xPx[at] ?? 0, 0)
  item.style.left = `${leftPx}px`
  item.style.top = `${(placed.row[at] ?? 0) * ROW_PX}px`
  item.style.width = `${Math.max(Math.min(placed.widthPx[at] ?? 0, widthPx - leftPx), 1)}px`
}

function levelOf(frames: FlameTree['frames'], at: number): number {
  let level = 1
  for (let up = frames[at]?.parent ?? -1; up >= 0; up = frames[up]?.parent ?? -1) level++
  return level
}
