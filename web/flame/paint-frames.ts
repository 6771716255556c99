import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { type FlamePalette, frameColour, heaviestOf } from './flame-colours.ts'
import { type FlameHighlight, type FlameTree, ROW_PX } from './flame-renderer.ts'
import { FONT, LABEL_PX_MIN, paintLabel, TEXT_RENDERING } from './paint-label.ts'
import { paintKind } from './paint-kind.ts'
import type { FrameBox, PlacedFrames } from './place-frames.ts'
import { relatedFrames } from './related-frames.ts'

/** Narrower frames have no gap to the next, which would be as wide as themselves. */
const GAP_PX_MIN = 3
const CALLER_ALPHA = 0.75

/** A part of the picture, in pixels from its top; whole rows. */
export interface CanvasPart {
  readonly topPx: number
  readonly heightPx: number
}

export interface FlamePicture {
  readonly tree: FlameTree
  readonly placed: PlacedFrames
  readonly highlight: FlameHighlight
  readonly palette: FlamePalette
}

/**
 * Paints the frames that lie in a part of the picture, on a canvas whose upper edge is at `canvasTopPx` of it; without
 * their names where `hasNames` is false. All of one colour are painted in a row, because each change of colour or font
 * costs as much as a frame.
 */
export function paintFrames(
  context: CanvasRenderingContext2D,
  canvasTopPx: number,
  part: CanvasPart,
  picture: FlamePicture,
  hasNames: boolean,
): void {
  const { palette, tree } = picture
  const scale = window.devicePixelRatio
  context.setTransform(scale, 0, 0, scale, 0, -canvasTopPx * scale)
  context.fillStyle = palette.surface
  context.fillRect(0, part.topPx, tree.widthPx, part.heightPx)
  const shown = framesIn(part, picture)
  paintFills(context, shown, picture)
  paintKinds(context, shown, palette)
  if (hasNames) paintLabels(context, shown, palette)
  paintStrokes(context, shown, picture)
}

interface ShownFrame extends FrameBox {
  readonly at: number
  readonly frame: DrawnFrame
  readonly isDim: boolean
}

function framesIn(part: CanvasPart, picture: FlamePicture): readonly ShownFrame[] {
  const { tree, placed } = picture
  const isDim = dimTest(picture)
  const shown: ShownFrame[] = []
  const firstRow = Math.floor(part.topPx / ROW_PX)
  const lastRow = Math.ceil((part.topPx + part.heightPx) / ROW_PX)
  for (let row = firstRow; row < lastRow; row++) {
    for (const at of placed.framesByRow[row] ?? []) {
      const frame = tree.frames[at]
      const startPx = placed.xPx[at] ?? 0
      const left = Math.max(startPx, 0)
      const right = Math.min(startPx + (placed.widthPx[at] ?? 0), tree.widthPx)
      if (frame === undefined || right < 0 || left > tree.widthPx) continue
      const gapPx = right - left >= GAP_PX_MIN ? 1 : 0
      const widthPx = Math.max(right - left - gapPx, 0.3)
      shown.push({ at, frame, left, top: row * ROW_PX, widthPx, isDim: isDim(frame, at) })
    }
  }
  return shown
}

function dimTest({ tree, highlight }: FlamePicture): (frame: DrawnFrame, at: number) => boolean {
  const { found, marked, subsystem } = highlight
  if (found !== null) return (frame) => frame.isOther === true || !found.has(frame.name)
  if (subsystem !== null) {
    return (frame) => frame.isOther === true || frame.subsystem !== subsystem
  }
  if (marked.size === 0) return () => false
  const isRelated = relatedFrames(tree.frames, marked)
  return (_, at) => isRelated[at] === 0
}

function paintFills(
  context: CanvasRenderingContext2D,
  shown: readonly ShownFrame[],
  { tree, palette }: FlamePicture,
): void {
  const byColour = new Map<string, ShownFrame[]>()
  const callers = new Map<string, ShownFrame[]>()
  const heaviest = tree.colour === 'self' ? heaviestOf(tree.frames) : 0
  for (const one of shown) {
    const { frame, isDim } = one
    const colour = isDim ? palette.inset : frameColour(frame, tree.colour, palette, heaviest)
    const groups = one.at < tree.focusRow ? callers : byColour
    const group = groups.get(colour)
    if (group === undefined) groups.set(colour, [one])
    else group.push(one)
  }
  fillGroups(context, byColour)
  context.globalAlpha = CALLER_ALPHA
  fillGroups(context, callers)
  context.globalAlpha = 1
  context.fillStyle = palette.line
  for (const { isDim, left, top, widthPx } of shown) {
    if (isDim && widthPx > GAP_PX_MIN) context.fillRect(left, top + ROW_PX - 2, widthPx, 1)
  }
}

function fillGroups(
  context: CanvasRenderingContext2D,
  groups: ReadonlyMap<string, readonly FrameBox[]>,
): void {
  for (const [colour, boxes] of groups) {
    context.fillStyle = colour
    for (const { left, top, widthPx } of boxes) context.fillRect(left, top, widthPx, ROW_PX - 1)
  }
}

function paintKinds(
  context: CanvasRenderingContext2D,
  shown: readonly ShownFrame[],
  palette: FlamePalette,
): void {
  context.fillStyle = palette.muted
  for (const { frame, left, top, widthPx } of shown) {
    if (frame.isInlined !== true || widthPx < GAP_PX_MIN) continue
    context.fillRect(left + 2, top + ROW_PX - 3, Math.max(widthPx - 4, 1), 1)
  }
  for (const box of shown) {
    if (box.widthPx >= GAP_PX_MIN) paintKind(context, box.frame, box, palette)
  }
}

function paintLabels(
  context: CanvasRenderingContext2D,
  shown: readonly ShownFrame[],
  palette: FlamePalette,
): void {
  context.font = FONT
  context.textRendering = TEXT_RENDERING
  context.textBaseline = 'middle'
  const isMuted = ({ isDim, frame }: ShownFrame) => isDim || frame.isOther === true
  const labelled = shown.filter(({ widthPx }) => widthPx >= LABEL_PX_MIN)
  context.fillStyle = palette.text
  for (const box of labelled) if (!isMuted(box)) paintLabel(context, box.frame, box)
  context.fillStyle = palette.muted
  for (const box of labelled) if (isMuted(box)) paintLabel(context, box.frame, box)
}

interface Stroke {
  readonly colour: string
  readonly widthPx: number
}

/** Above all fills, so that no neighbour covers them. */
function paintStrokes(
  context: CanvasRenderingContext2D,
  shown: readonly ShownFrame[],
  { highlight, palette }: FlamePicture,
): void {
  const { found, marked, selected } = highlight
  const styles = {
    inferred: { colour: palette.muted, widthPx: 1 },
    marked: { colour: palette.marked, widthPx: 2 },
    found: { colour: palette.found, widthPx: 1.5 },
    selected: { colour: palette.text, widthPx: 2 },
  }
  context.setLineDash([4, 3])
  for (const box of shown) {
    const { isInferred, key } = box.frame
    if (isInferred === true && key !== '' && box.widthPx > 6) stroke(context, box, styles.inferred)
  }
  context.setLineDash([])
  for (const box of shown) {
    const { name, isOther } = box.frame
    if (isOther !== true) {
      if (marked.has(name)) stroke(context, box, styles.marked)
      if (found?.has(name) === true) stroke(context, box, styles.found)
      if (name === selected) stroke(context, box, styles.selected)
    }
  }
}

function stroke(context: CanvasRenderingContext2D, box: FrameBox, style: Stroke): void {
  const { colour, widthPx } = style
  context.strokeStyle = colour
  context.lineWidth = widthPx
  const inset = widthPx / 2
  context.strokeRect(
    box.left + inset,
    box.top + inset,
    Math.max(box.widthPx - widthPx, 0.5),
    ROW_PX - 1 - widthPx,
  )
}
