import type { FlameFrame, PeekItem, SubsystemId, Tag, TopRow } from '../../profile/index.ts'
import type { Filters } from '../view-state/view-state.ts'

/** The shown part of a profile. The numbers of all views depend only on this part of the state. */
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
  /**
   * The key of the frame's path from the root, equal in every profile with that path; `''` at the
   * root.
   */
  readonly key: string
}

export interface FlameAnswer {
  readonly frames: readonly DrawnFrame[]
  readonly focusRow: number
  /** Number of frames in the focus and below, drawn or not. */
  readonly frameCount: number
  /** False when this view does not have the path of `zoom`. */
  readonly isZoomKnown: boolean
  readonly totals: Totals
}

/** In the unit of the sample type. All shares are of `total`. */
export interface Totals {
  readonly type: string
  readonly unit: string
  readonly total: number
  /** The part left by the filters. */
  readonly filteredTotal: number
}

export interface SearchRequest {
  readonly query: TreeQuery
  readonly text: string
  readonly isRegex: boolean
}

export interface SearchAnswer {
  readonly names: ReadonlySet<string>
  readonly funcCount: number
  readonly frameCount: number
  readonly value: number
  /** 0 to 1, of the total. */
  readonly share: number
}

export interface TopAnswer {
  readonly totals: Totals
  /** All functions, largest flat first. */
  readonly rows: readonly TopRow[]
  /** Flat shares by subsystem, largest first, without zeros. */
  readonly subsystems: readonly { readonly id: SubsystemId; readonly share: number }[]
}

export interface PeekRequest {
  readonly query: TreeQuery
  readonly funcName: string
}

export interface PeekAnswer {
  readonly totals: Totals
  /** `null` when the view has no such function. */
  readonly item: PeekItem | null
}

export interface TagsAnswer {
  readonly totals: Totals
  readonly tags: readonly Tag[]
}

export interface LoadedProfile {
  readonly sampleTypes: readonly { readonly type: string; readonly unit: string }[]
  readonly defaultSampleType: string
}

/** The requests of the page to the worker. */
export interface ViewQuestions {
  readonly load: { readonly columns: ArrayBuffer }
  readonly flame: FlameRequest
  readonly search: SearchRequest
  readonly top: { readonly query: TreeQuery }
  readonly peek: PeekRequest
  readonly tags: { readonly query: TreeQuery }
}

/** The reply to each request. The server's views have different shapes, in `api/views.ts`. */
export interface ViewAnswers {
  readonly load: LoadedProfile
  readonly flame: FlameAnswer
  readonly search: SearchAnswer
  readonly top: TopAnswer
  readonly peek: PeekAnswer
  readonly tags: TagsAnswer
}

export type QuestionKind = keyof ViewQuestions

export type WorkerRequest<Kind extends QuestionKind = QuestionKind> = {
  readonly [K in Kind]: { readonly kind: K } & ViewQuestions[K]
}[Kind]

/**
 * `PATTERN_INVALID`: a filter or search is not a valid regular expression; `message` names the
 * position.
 */
export interface WorkerFailure {
  readonly code: 'PATTERN_INVALID' | 'VIEW_FAILED'
  readonly message: string
}

export type WorkerAnswer<Kind extends QuestionKind> =
  | { readonly ok: true; readonly answer: ViewAnswers[Kind] }
  | { readonly ok: false; readonly failure: WorkerFailure }
