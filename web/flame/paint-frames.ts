import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { fitLabel, type MeasureText, shorterNames } from './fit-label.ts'
import { type FlamePalette, frameColour } from './flame-colours.ts'
import { type FlameHighlight, type FlameTree, ROW_PX } from './flame-renderer.ts'
import type { PlacedFrames } from './place-frames.ts'
import { relatedFrames } from './related-frames.ts'

const FONT = '11.5px Inter, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif'
const LABEL_PX_MIN = 22
const LABEL_MARGIN_PX = 4
/** Narrower frames have no gap to the next, which would be as wide as themselves. */
const GAP_PX_MIN = 3

/** A part of the picture, in pixels from its top. */
export interface CanvasPart {
  readonly topPx: number
  readonly heightPx: number
}

export interface FlamePicture {
  readonly tree: FlameTree
  readonly placed: PlacedFrames
  readonly highlight: FlameHighlight
  readonly palette: FlamePalette
  /** The frame with the keyboard focus, or -1. */
  readonly current: number
}

/** Paints the frames that lie in a part of the picture. */
export function paintFrames(
  canvas: HTMLCanvasElement,
  part: CanvasPart,
  picture: FlamePicture,
): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { placed, palette, tree } = picture
  const scale = window.devicePixelRatio
  context.setTransform(scale, 0, 0, scale, 0, -part.topPx * scale)
  context.fillStyle = palette.surface
  context.fillRect(0, part.topPx, tree.widthPx, part.heightPx)
  context.font = FONT
  context.textBaseline = 'middle'
  const painter = createPainter(context, picture)
  const firstRow = Math.floor(part.topPx / ROW_PX)
  const lastRow = Math.ceil((part.topPx + part.heightPx) / ROW_PX)
  for (let row = firstRow; row < lastRow; row++) {
    for (const at of placed.framesByRow[row] ?? []) painter.paint(at)
  }
  painter.paintStrokes()
}

function createPainter(context: CanvasRenderingContext2D, picture: FlamePicture) {
  const { tree, placed, highlight, palette } = picture
  const { found, marked, selected, subsystem } = highlight
  const isRelated = relatedFrames(tree.frames, marked)
  const heaviest = tree.frames.reduce((most, { flat }) => Math.max(most, Math.abs(flat)), 0)
  const measure = cachedMeasure(context)
  const strokes: { at: number; colour: string; widthPx: number; isDashed: boolean }[] = []
  const boxOf = (at: number) => {
    const left = Math.max(placed.xPx[at] ?? 0, 0)
    const right = Math.min((placed.xPx[at] ?? 0) + (placed.widthPx[at] ?? 0), tree.widthPx)
    const gapPx = right - left >= GAP_PX_MIN ? 1 : 0
    return {
      left,
      top: (placed.row[at] ?? 0) * ROW_PX,
      widthPx: Math.max(right - left - gapPx, 0.3),
    }
  }
  const isDim = (frame: DrawnFrame, at: number) => {
    if (found !== null) return frame.isOther === true || !found.has(frame.name)
    if (subsystem !== null) return frame.isOther === true || frame.subsystem !== subsystem
    return isRelated[at] === 0
  }
  return {
    paint(at: number) {
      const frame = tree.frames[at]
      if (frame === undefined) return
      const box = boxOf(at)
      const dim = isDim(frame, at)
      context.globalAlpha = at < tree.focusRow ? 0.75 : 1
      context.fillStyle = dim ? palette.inset : frameColour(frame, tree.colour, palette, heaviest)
      context.fillRect(box.left, box.top, box.widthPx, ROW_PX - 1)
      context.globalAlpha = 1
      if (dim && box.widthPx > GAP_PX_MIN) {
        context.fillStyle = palette.line
        context.fillRect(box.left, box.top + ROW_PX - 2, box.widthPx, 1)
      }
      if (box.widthPx >= GAP_PX_MIN) paintKind(context, frame, box, palette)
      const isFrame = frame.isOther !== true
      if (frame.isInferred === true && frame.key !== '' && box.widthPx > 6) {
        strokes.push({ at, colour: palette.muted, widthPx: 1, isDashed: true })
      }
      if (isFrame && marked.has(frame.name)) {
        strokes.push({ at, colour: palette.marked, widthPx: 2, isDashed: false })
      }
      if (isFrame && found?.has(frame.name) === true) {
        strokes.push({ at, colour: palette.found, widthPx: 1.5, isDashed: false })
      }
      if (isFrame && selected !== '' && frame.name === selected) {
        strokes.push({ at, colour: palette.text, widthPx: 2, isDashed: false })
      }
      if (at === picture.current) {
        strokes.push({ at, colour: palette.accent, widthPx: 2.5, isDashed: false })
      }
      if (box.widthPx < LABEL_PX_MIN) return
      context.fillStyle = dim || !isFrame ? palette.muted : palette.text
      const label = fitLabel(namesOf(frame), box.widthPx - 2 * LABEL_MARGIN_PX, measure)
      context.fillText(label, box.left + LABEL_MARGIN_PX, box.top + ROW_PX / 2)
    },
    /** Above all fills, so that no neighbour covers them. */
    paintStrokes() {
      for (const { at, colour, widthPx, isDashed } of strokes) {
        const box = boxOf(at)
        context.strokeStyle = colour
        context.lineWidth = widthPx
        context.setLineDash(isDashed ? [4, 3] : [])
        const inset = widthPx / 2
        context.strokeRect(
          box.left + inset,
          box.top + inset,
          Math.max(box.widthPx - widthPx, 0.5),
          ROW_PX - 1 - widthPx,
        )
      }
      context.setLineDash([])
    },
  }
}

/** A line below inlined frames, stripes over negative values and new frames, an outline around those that are gone. */
function paintKind(
  context: CanvasRenderingContext2D,
  frame: DrawnFrame,
  box: { readonly left: number; readonly top: number; readonly widthPx: number },
  palette: FlamePalette,
): void {
  context.fillStyle = palette.muted
  if (frame.isInlined === true) {
    context.fillRect(box.left + 2, box.top + ROW_PX - 3, Math.max(box.widthPx - 4, 1), 1)
  }
  if (frame.change?.kind === 'gone') {
    context.strokeStyle = palette.muted
    context.lineWidth = 1
    context.strokeRect(box.left + 0.5, box.top + 0.5, Math.max(box.widthPx - 1, 0.5), ROW_PX - 2)
  }
  if (frame.cum >= 0 && frame.change?.kind !== 'new') return
  context.save()
  context.beginPath()
  context.rect(box.left, box.top, box.widthPx, ROW_PX - 1)
  context.clip()
  context.strokeStyle = palette.muted
  context.globalAlpha = 0.45
  context.lineWidth = 1
  context.beginPath()
  for (let x = box.left - ROW_PX; x < box.left + box.widthPx; x += 6) {
    context.moveTo(x, box.top + ROW_PX)
    context.lineTo(x + ROW_PX, box.top)
  }
  context.stroke()
  context.restore()
}

const shortened = new Map<string, readonly string[]>()
const SHORTENED_MAX = 20_000

function namesOf(frame: DrawnFrame): readonly string[] {
  if (frame.isOther === true) return [`+${frame.hiddenCount ?? 0}`]
  const sign = frame.cum < 0 ? '− ' : ''
  const key = sign + frame.name
  const known = shortened.get(key)
  if (known !== undefined) return known
  if (shortened.size > SHORTENED_MAX) shortened.clear()
  const names = shorterNames(frame.name).map((name) => sign + visibleText(name))
  shortened.set(key, names)
  return names
}

const widths = new Map<string, number>()

function cachedMeasure(context: CanvasRenderingContext2D): MeasureText {
  return (text) => {
    const known = widths.get(text)
    if (known !== undefined) return known
    if (widths.size > SHORTENED_MAX) widths.clear()
    const widthPx = context.measureText(text).width
    widths.set(text, widthPx)
    return widthPx
  }
}
