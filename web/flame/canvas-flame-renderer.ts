import { listenToCanvas } from './canvas-input.ts'
import { openFlameCanvas } from './flame-canvas.ts'
import { isDarkNow, paletteOf } from './flame-colours.ts'
import {
  type FlameEvents,
  type FlameHighlight,
  type FlameRenderer,
  type FlameTree,
  ROW_PX,
} from './flame-renderer.ts'
import { type PlacedFrames, placeFrames } from './place-frames.ts'

/**
 * Draws on a canvas as high as the window, which follows the scroll position: a stack of 3,000 frames is 60,000 px
 * high, more than a canvas may be. The current frame is an element of its own, for screen readers and for scrolling.
 */
export function openCanvasFlameRenderer(host: HTMLElement, events: FlameEvents): FlameRenderer {
  let palette = paletteOf(host, isDarkNow())
  let tree: FlameTree | null = null
  let placed: PlacedFrames | null = null
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '', subsystem: null }
  let current = 0
  const canvas = openFlameCanvas(host, () => {
    if (tree === null || placed === null) return null
    return { tree, placed, highlight, palette }
  })
  const item = document.createElement('div')
  item.id = `flame-item-${nextId++}`
  item.setAttribute('role', 'treeitem')
  item.dataset['flameItem'] = ''
  host.append(canvas.element, item)
  host.tabIndex = 0
  host.setAttribute('aria-activedescendant', item.id)

  const setCurrent = (at: number) => {
    if (tree === null || placed === null) return
    current = at
    describeItem(item, tree, placed, at, events)
  }
  // The picture may be higher than the window, and its upper end below the bar above it.
  const showCurrent = () => {
    if (host.matches(':focus-visible')) item.scrollIntoView({ block: 'nearest' })
  }
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('scroll', canvas.follow, { passive: true, capture: true, signal })
  window.addEventListener('resize', canvas.redraw, { signal })
  host.addEventListener('focus', showCurrent, { signal })
  const schemes = new MutationObserver(() => {
    palette = paletteOf(host, isDarkNow())
    canvas.redraw()
  })
  schemes.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] })
  // What opens or closes above moves the picture without a scroll.
  const moves = new ResizeObserver(canvas.follow)
  moves.observe(document.body)
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
      setCurrent(same === -1 ? next.focusRow : same)
      // Drawn once before the next frame, together with a change of the highlight.
      canvas.redraw()
    },
    setHighlight(next) {
      highlight = next
      canvas.redraw()
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
      moves.disconnect()
      canvas.destroy()
      item.remove()
      host.style.height = ''
      host.removeAttribute('aria-activedescendant')
    },
  }
}

let nextId = 1

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
