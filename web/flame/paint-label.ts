import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { fitLabel, type MeasureText, shorterNames } from './fit-label.ts'
import { ROW_PX } from './flame-renderer.ts'
import type { FrameBox } from './place-frames.ts'

export const FONT =
  '11.5px Inter, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif'
/** Without kerning and ligatures, which are not seen at this size, a name is shaped in half of the time. */
export const TEXT_RENDERING = 'optimizeSpeed'
/** Narrower frames have no label. */
export const LABEL_PX_MIN = 22
const LABEL_MARGIN_PX = 4
const KEPT_MAX = 20_000

/** Paints as much of a frame's name as fits. The context has the colour, `FONT`, `TEXT_RENDERING`, and its baseline in the middle. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  frame: DrawnFrame,
  { left, top, widthPx }: FrameBox,
): void {
  const label = fitLabel(namesOf(frame), widthPx - 2 * LABEL_MARGIN_PX, textWidth(context))
  if (label !== '') context.fillText(label, left + LABEL_MARGIN_PX, top + ROW_PX / 2)
}

/** Whether names were painted before, as their short forms are kept. */
export function hasPaintedLabels(): boolean {
  return shortened.size > 0
}

const shortened = new Map<string, readonly string[]>()

function namesOf(frame: DrawnFrame): readonly string[] {
  if (frame.isOther === true) return [`+${frame.hiddenCount ?? 0}`]
  const sign = frame.cum < 0 ? '− ' : ''
  const key = sign + frame.name
  const known = shortened.get(key)
  if (known !== undefined) return known
  if (shortened.size > KEPT_MAX) shortened.clear()
  const names = shorterNames(frame.name).map((name) => sign + visibleText(name))
  shortened.set(key, names)
  return names
}

const widths = new Map<string, number>()
/** Of the letters of ASCII by their code; 0 is not measured yet. */
const letterWidths = new Float64Array(127)
const FIRST_LETTER = 32

/** Measures all letters of ASCII ahead, which loads the font too. */
export function measureLetters(): void {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) return
  context.font = FONT
  context.textRendering = TEXT_RENDERING
  const measure = textWidth(context)
  for (let code = FIRST_LETTER; code < letterWidths.length; code++) {
    measure(String.fromCharCode(code))
  }
}

/**
 * The sum of the widths of its letters, as `TEXT_RENDERING` sets them: measuring a name takes ten times as long. Other
 * scripts are shaped, so their texts are measured.
 */
function textWidth(context: CanvasRenderingContext2D): MeasureText {
  return (text) => {
    let widthPx = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code < FIRST_LETTER || code >= letterWidths.length) return wholeWidth(context, text)
      const letter = letterWidths[code] || context.measureText(text.charAt(at)).width
      letterWidths[code] = letter
      widthPx += letter
    }
    return widthPx
  }
}

function wholeWidth(context: CanvasRenderingContext2D, text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  if (widths.size > KEPT_MAX) widths.clear()
  const widthPx = context.measureText(text).width
  widths.set(text, widthPx)
  return widthPx
}
