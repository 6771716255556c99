import { ROW_PX } from './flame-renderer.ts'
import { type CanvasPart, type FlamePicture, paintFrames } from './paint-frames.ts'
import { hasPaintedLabels } from './paint-label.ts'

/** How far beyond the window the canvas reaches, so that small scrolls need no drawing. */
const MARGIN_ROWS = 12
/** What lies around the window waits until the page around the picture has followed it. */
const REST_AFTER_MS = 100

/** A canvas that shows the part of a picture that is in the window. */
export interface FlameCanvas {
  readonly element: HTMLCanvasElement
  /** Draws a changed picture before the next frame. */
  readonly redraw: () => void
  /** Draws what a scroll brought into the window, if that is not drawn yet. */
  readonly follow: () => void
  readonly destroy: () => void
}

/**
 * What is in the window is painted first, and what lies around it when the browser has shown that: in software, painting
 * takes 1 ms for 50 px of height, most of it for labels.
 */
export function openFlameCanvas(
  host: HTMLElement,
  pictureNow: () => FlamePicture | null,
): FlameCanvas {
  const element = document.createElement('canvas')
  element.setAttribute('aria-hidden', 'true')
  // The picture has no holes, and what lies below need not be blended with it.
  const context = element.getContext('2d', { alpha: false })
  let painted: CanvasPart = NOTHING
  let frame = 0
  let rest = 0
  // The first labels of a page take longer than all else of a picture: they have the frame after it.
  let isBare = !hasPaintedLabels()

  const paint = () => {
    frame = 0
    clearTimeout(rest)
    const picture = pictureNow()
    if (picture === null || context === null) return
    const { tree, placed } = picture
    const totalPx = placed.rowCount * ROW_PX
    const box = host.getBoundingClientRect()
    const whole = partAround(box.top, totalPx, MARGIN_ROWS)
    const inWindow = partAround(box.top, totalPx, 0)
    if (sizeCanvas(element, tree.widthPx, whole)) {
      context.fillStyle = picture.palette.surface
      context.fillRect(0, 0, element.width, element.height)
    }
    paintFrames(context, whole.topPx, inWindow, picture, !isBare)
    painted = inWindow
    if (isBare) {
      isBare = false
      request()
      return
    }
    rest = window.setTimeout(() => {
      for (const part of partsBeside(whole, inWindow)) {
        paintFrames(context, whole.topPx, part, picture, true)
      }
      painted = whole
    }, REST_AFTER_MS)
  }
  const request = () => {
    if (frame === 0) frame = requestAnimationFrame(paint)
  }
  return {
    element,
    redraw: request,
    follow() {
      const picture = pictureNow()
      if (picture === null) return
      const totalPx = picture.placed.rowCount * ROW_PX
      const wanted = partAround(host.getBoundingClientRect().top, totalPx, 0)
      if (!contains(painted, wanted)) request()
    },
    destroy() {
      cancelAnimationFrame(frame)
      clearTimeout(rest)
      element.remove()
    },
  }
}

const NOTHING: CanvasPart = { topPx: 0, heightPx: 0 }

/** The rows of a picture in the window and around it, for where the upper edge of the picture is in the window. */
function partAround(hostTopPx: number, totalPx: number, marginRows: number): CanvasPart {
  const firstRow = Math.floor(-hostTopPx / ROW_PX) - marginRows
  const lastRow = Math.ceil((window.innerHeight - hostTopPx) / ROW_PX) + marginRows
  const topPx = Math.min(Math.max(firstRow * ROW_PX, 0), totalPx)
  const bottomPx = Math.min(Math.max(lastRow * ROW_PX, 0), totalPx)
  return { topPx, heightPx: bottomPx - topPx }
}

function bottomOf({ topPx, heightPx }: CanvasPart): number {
  return topPx + heightPx
}

function contains(outer: CanvasPart, inner: CanvasPart): boolean {
  if (inner.heightPx === 0) return true
  return outer.topPx <= inner.topPx && bottomOf(outer) >= bottomOf(inner)
}

/** What is left of a part above and below another within it. */
function partsBeside(whole: CanvasPart, part: CanvasPart): readonly CanvasPart[] {
  const above = { topPx: whole.topPx, heightPx: part.topPx - whole.topPx }
  const below = { topPx: bottomOf(part), heightPx: bottomOf(whole) - bottomOf(part) }
  return [above, below].filter(({ heightPx }) => heightPx > 0)
}

/** Returns whether it has another size now, and so is black. */
function sizeCanvas(canvas: HTMLCanvasElement, widthPx: number, part: CanvasPart): boolean {
  const scale = window.devicePixelRatio
  const width = Math.round(widthPx * scale)
  const height = Math.round(part.heightPx * scale)
  const isResized = canvas.width !== width || canvas.height !== height
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.style.width = `${widthPx}px`
  canvas.style.height = `${part.heightPx}px`
  canvas.style.top = `${part.topPx}px`
  return isResized
}
