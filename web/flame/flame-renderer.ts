import type { FlameRange, SubsystemId } from '../../profile/index.ts'
import type { Colouring } from '../view-state/view-state.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'

export interface FlameTree {
  /** Callers before callees; `frames[0]` is the root. */
  readonly frames: readonly DrawnFrame[]
  /** The row of the frame that fills the width of the chart. */
  readonly focusRow: number
  /** The part of that frame that is shown. */
  readonly range: FlameRange
  readonly widthPx: number
  /** `icicle`: the root is on top. */
  readonly direction: 'icicle' | 'flame'
  readonly colour: Colouring
}

export interface FlameHighlight {
  /** Functions that a search found; all others are dimmed. `null` without a search. */
  readonly found: ReadonlySet<string> | null
  /** Functions of a finding. */
  readonly marked: ReadonlySet<string>
  /** The selected function, or `''`. */
  readonly selected: string
  /** Only this subsystem is not dimmed; `null` for all. */
  readonly subsystem: SubsystemId | null
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
  readonly onMenu: (frame: DrawnFrame, xPx: number, yPx: number) => void
  /** The reader zoomed or moved without choosing a frame. */
  readonly onRange: (range: FlameRange) => void
  /** The label of the frame for screen readers. */
  readonly describe: (frame: DrawnFrame) => string
}

/** Draws a tree of frames. `destroy` closes it; it cannot be used afterwards. */
export interface FlameRenderer {
  setTree(tree: FlameTree): void
  setHighlight(highlight: FlameHighlight): void
  /** Scrolls to the first frame that passes and points at it; false if none of those drawn does. */
  reveal(test: (frame: DrawnFrame) => boolean): boolean
  destroy(): void
}

export type OpenFlameRenderer = (host: HTMLElement, events: FlameEvents) => FlameRenderer

/** A finger needs 24 px. */
export const ROW_PX =
  'matchMedia' in globalThis && matchMedia('(pointer: coarse)').matches ? 24 : 20
/** Number of callers drawn above the zoomed frame; the path line lists all. */
export const CALLERS_MAX = 4
export const WHOLE_RANGE: FlameRange = { from: 0, to: 1 }
