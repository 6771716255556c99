import type { DrawnFrame } from '../view-worker/view-messages.ts'

export interface FlameTree {
  /** Callers before callees; `frames[0]` is the root. */
  readonly frames: readonly DrawnFrame[]
  /** The row of the frame that fills the width of the chart. */
  readonly focusRow: number
  readonly widthPx: number
  /** `icicle`: the root is on top. */
  readonly direction: 'icicle' | 'flame'
}

export interface FlameHighlight {
  /** Functions that a search found; all others are dimmed. `null` without a search. */
  readonly found: ReadonlySet<string> | null
  /** Functions of a finding. */
  readonly marked: ReadonlySet<string>
  /** The selected function, or `''`. */
  readonly selected: string
}

export interface PointedFrame {
  readonly frame: DrawnFrame
  readonly xPx: number
  /** The lower edge of the frame. */
  readonly bottomPx: number
}

/** What a reader does with a frame. */
export interface FlameEvents {
  /** The frame under the pointer or keyboard focus with its position on the screen, or `null`. */
  readonly onPoint: (pointed: PointedFrame | null) => void
  readonly onSelect: (frame: DrawnFrame) => void
  readonly onZoom: (frame: DrawnFrame) => void
  /** The label of the frame for screen readers. */
  readonly describe: (frame: DrawnFrame) => string
}

/**
 * Draws a tree of at most a few hundred frames. `destroy` closes it; it cannot be used afterwards.
 * An interface because a canvas renderer is planned, for trees too large for SVG.
 */
export interface FlameRenderer {
  setTree(tree: FlameTree): void
  setHighlight(highlight: FlameHighlight): void
  destroy(): void
}
