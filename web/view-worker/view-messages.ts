import type { FlameFrame, PeekItem, SubsystemId, Tag, TopRow } from '../../profile/index.ts'
import type { Filters } from '../view-state/view-state.ts'

/** Which part of a profile is looked at. Every number of every view depends on it, and on nothing else of the state. */
export interface TreeQuery {
  /** A name; `''` for the profile's default. */
  readonly sampleType: string
  readonly filters: Filters
}

export interface FlameRequest {
  readonly query: TreeQuery
  /** The path key of the node to draw as wide as the chart; `''` or unknown for the root. */
  readonly zoom: string
  readonly framesMax: number
  readonly widthPx: number
}

export interface DrawnFrame extends FlameFrame {
  /** Names the frame's path from the root; the same in every profile that has that path. `''` at the root. */
  readonly key: string
}

export interface FlameReply {
  readonly frames: readonly DrawnFrame[]
  readonly focusRow: number
  /** How many frames there are below the focus, drawn or not. */
  readonly frameCount: number
  /** False where `zoom` named a path that this view does not have. */
  readonly isZoomKnown: boolean
  readonly totals: Totals
}

/** In the unit of the sample type. Shares everywhere are of `total`. */
export interface Totals {
  readonly type: string
  readonly unit: string
  readonly total: number
  /** What the filters left of it. */
  readonly filteredTotal: number
}

export interface SearchRequest {
  readonly query: TreeQuery
  readonly text: string
  readonly isRegex: boolean
}

export interface SearchReply {
  readonly names: ReadonlySet<string>
  readonly funcCount: number
  readonly frameCount: number
  readonly value: number
  /** 0 to 1, of the total. */
  readonly share: number
}

export interface TopReply {
  readonly totals: Totals
  /** All functions, largest flat first. */
  readonly rows: readonly TopRow[]
  /** Flat shares by subsystem, largest first; none that is 0. */
  readonly subsystems: readonly { readonly id: SubsystemId; readonly share: number }[]
}

export interface PeekRequest {
  readonly query: TreeQuery
  readonly funcName: string
}

export interface PeekReply {
  readonly totals: Totals
  /** `null` where the view has no such function. */
  readonly item: PeekItem | null
}

export interface TagsReply {
  readonly totals: Totals
  readonly tags: readonly Tag[]
}

export interface LoadedProfile {
  readonly sampleTypes: readonly { readonly type: string; readonly unit: string }[]
  readonly defaultSampleType: string
}

/** What the worker can be asked. */
export type WorkerRequest =
  | { readonly kind: 'load'; readonly columns: ArrayBuffer }
  | ({ readonly kind: 'flame' } & FlameRequest)
  | ({ readonly kind: 'search' } & SearchRequest)
  | { readonly kind: 'top'; readonly query: TreeQuery }
  | ({ readonly kind: 'peek' } & PeekRequest)
  | { readonly kind: 'tags'; readonly query: TreeQuery }

/** `PATTERN_INVALID`: a filter or a search is no regular expression; `message` says where. */
export interface WorkerFailure {
  readonly code: 'PATTERN_INVALID' | 'VIEW_FAILED'
  readonly message: string
}

export type WorkerAnswer<Reply> =
  | { readonly ok: true; readonly reply: Reply }
  | { readonly ok: false; readonly failure: WorkerFailure }
