import { type FlamePalette, frameColour, heaviestOf } from './flame-colours.ts'
import { type FlameTree, ROW_PX } from './flame-renderer.ts'
import { placeFrames } from './place-frames.ts'

const HEIGHT_PX = 32

/** Paints a whole tree in 32 px of height. */
export function paintMinimap(
  canvas: HTMLCanvasElement,
  tree: FlameTree,
  palette: FlamePalette,
): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const scale = window.devicePixelRatio
  canvas.width = Math.round(tree.widthPx * scale)
  canvas.height = Math.round(HEIGHT_PX * scale)
  const placed = placeFrames(tree)
  const rowPx = Math.min(HEIGHT_PX / placed.rowCount, ROW_PX / 2)
  const heaviest = heaviestOf(tree.frames)
  context.setTransform(scale, 0, 0, scale, 0, 0)
  for (const [at, frame] of tree.frames.entries()) {
    if (frame.isOther === true) continue
    context.fillStyle = frameColour(frame, tree.colour, palette, heaviest)
    const y = (placed.row[at] ?? 0) * rowPx
    context.fillRect(placed.xPx[at] ?? 0, y, placed.widthPx[at] ?? 0, Math.max(rowPx, 0.5))
  }
}
