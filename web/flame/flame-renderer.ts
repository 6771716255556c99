import type { DrawnFrame } from '../view-worker/view-messages.ts'

export interface FlameTree {
  /** Callers before callees; `frames[0]` is the root. */
  readonly frames: readonly DrawnFrame[]
  /** The row of the frame that is drawn as wide as the chart. */
  readonly focusRow: number
  readonly widthPx: number
  /** `icicle`: the root is on top. */
  readonly direction: 'icicle' | 'flame'
}

export interface FlameHighlight {
  /** Functions that a search found; all others step back. `null`: there is no search. */
  readonly found: ReadonlySet<string> | null
  /** Functions that a finding stands on. */
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
  /** The frame under the pointer or the keyboard's focus, and where on the screen that is; `null` when there is none. */
  readonly onPoint: (pointed: PointedFrame | null) => void
  readonly onSelect: (frame: DrawnFrame) => void
  readonly onZoom: (frame: DrawnFrame) => void
  /** What a screen reader says of the frame. */
  readonly describe: (frame: DrawnFrame) => string
}

/**
 * Draws a tree of at most some hundred frames. Closed by `destroy`; not used afterwards. An interface because a renderer
 * on canvas is planned, for trees that are too large for SVG.
 */
export interface FlameRenderer {
  setTree(tree: FlameTree): void
  setHighlight(highlight: FlameHighlight): void
  destroy(): void
}
