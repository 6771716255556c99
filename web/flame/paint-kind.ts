import type { DrawnFrame } from '../view-worker/view-messages.ts'
import type { FlamePalette } from './flame-colours.ts'
import { ROW_PX } from './flame-renderer.ts'
import type { FrameBox } from './place-frames.ts'

/** Stripes over negative values and new frames, an outline around those that are gone. */
export function paintKind(
  context: CanvasRenderingContext2D,
  frame: DrawnFrame,
  box: FrameBox,
  palette: FlamePalette,
): void {
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
