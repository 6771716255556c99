import type { Point } from '../graph-layout/layout-graph.ts'
import type { NodeBox } from '../graph-layout/node-box.ts'
import type {
  ComparedPer,
  FlameFrame,
  FlameRange,
  GraphEdge,
  GraphNode,
  PackageRow,
  PeekItem,
  ProfileDiff,
  SubsystemId,
  Tag,
  TopRow,
  TreeRow,
} from '../../profile/index.ts'
import type { Filters } from '../view-state/filters.ts'

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
  /** The part of that node that fills the width of the chart. */
  readonly range: FlameRange
  /** Whether a long filter chain is left out. */
  readonly hidesChain: boolean
  readonly framesMax: number
  readonly widthPx: number
  /** What is narrower is not drawn. */
  readonly framePxMin: number
}

/** How a frame differs between two profiles. `noise`: the change may be chance, given how few samples it is of. */
export interface FrameChange {
  readonly kind: 'grew' | 'shrank' | 'new' | 'gone' | 'same' | 'noise'
  readonly before: number
  readonly after: number
}

export interface DrawnFrame extends FlameFrame {
  /** Of a comparison. */
  readonly change?: FrameChange
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
  /** True when the frames are without a long filter chain. */
  readonly isChainHidden: boolean
  /** Where the focus lies, in parts of the whole. */
  readonly place: FlameRange
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
  readonly hidesChain: boolean
}

/** A frame that a search found. */
export interface Match {
  readonly key: string
  readonly name: string
}

export interface SearchAnswer {
  /** What was searched for. */
  readonly text: string
  readonly names: ReadonlySet<string>
  readonly funcCount: number
  readonly frameCount: number
  /** The matches that lie below no other, heaviest first; at most `MATCHES_MAX`. */
  readonly matches: readonly Match[]
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

export interface SandwichRequest {
  readonly query: TreeQuery
  /** Names of functions. */
  readonly names: readonly string[]
  /** The name of what is in the middle. */
  readonly title: string
  readonly framesMax: number
  readonly widthPx: number
  readonly framePxMin: number
}

/** Two flame graphs; `null` where the view has none of the functions. */
export interface SandwichAnswer {
  readonly callers: FlameAnswer
  readonly callees: FlameAnswer
}

export interface TreeRequest {
  readonly query: TreeQuery
  /** The path keys of what is open; `null` for the heaviest path. */
  readonly opened: readonly string[] | null
  /** From which share of the whole on, 0 to 1, a call is open whatever `opened` says. */
  readonly openShareMin?: number
  /** Whether a long filter chain is left out. */
  readonly hidesChain: boolean
}

export interface KeyedTreeRow extends TreeRow {
  readonly key: string
}

export interface TreeAnswer {
  readonly totals: Totals
  readonly rows: readonly KeyedTreeRow[]
}

/**
 * Functions and calls below these shares of the whole are not drawn. `pprof` draws five times smaller calls too; they
 * make graphs three times as wide.
 */
export const GRAPH_SHARES_MIN = { node: 0.005, edge: 0.005 } as const

export interface GraphRequest {
  readonly query: TreeQuery
  /** How many functions to draw at most. */
  readonly nodeCount: number
}

/** A function and where the middle of its box lies. */
export interface DrawnNode extends GraphNode, NodeBox, Point {}

/** Calls and the line that stands for them. */
export interface DrawnEdge extends GraphEdge {
  readonly text: string
  /** Whether the layout has room for the text. */
  readonly hasRoom: boolean
  readonly points: readonly Point[]
  readonly textAt: Point
}

export interface GraphAnswer {
  readonly totals: Totals
  readonly widthPx: number
  readonly heightPx: number
  /** The most informative first. */
  readonly nodes: readonly DrawnNode[]
  /** The heaviest first. */
  readonly edges: readonly DrawnEdge[]
  /** How many functions the view has. */
  readonly funcCount: number
  /** How many of them are left out for their small share. */
  readonly smallCount: number
}

/** The reports that pprof prints as text. */
export const TEXT_VIEWS = ['top', 'tree', 'traces', 'raw', 'tags', 'dot'] as const
export type TextView = (typeof TEXT_VIEWS)[number]

/** Of `columns` only the chosen sample type is left, and no labels: for a page that stands alone. */
export type FileFormat = TextView | 'pprof' | 'folded' | 'speedscope' | 'csv' | 'json' | 'columns'

export interface FileRequest {
  readonly query: TreeQuery
  readonly format: FileFormat
  /** Which profile; the two others need one to compare with. */
  readonly of: 'profile' | 'before' | 'difference'
}

export interface CompareRequest {
  /** A name; `''` for the default of the second profile. */
  readonly sampleType: string
  readonly per: ComparedPer
  /** What the flame graph shows: both in one, or one of them. */
  readonly side: 'both' | 'before' | 'after'
  readonly zoom: string
  readonly hidesChain: boolean
  readonly widthPx: number
}

/** A comparison of two profiles; `failure` says why they cannot be compared. */
export type CompareAnswer =
  | { readonly failure: string }
  | {
      readonly failure: null
      readonly diff: ProfileDiff
      readonly flame: FlameAnswer
    }

export interface PackagesAnswer {
  readonly totals: Totals
  /** Largest flat first. */
  readonly rows: readonly PackageRow[]
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

export const MATCHES_MAX = 2000

export interface SourceRequest {
  readonly funcName: string
}

/** What the profile has on a function; without raw names it does not have the function. */
export interface SourceAnswer {
  readonly funcName: string
  /** As they are in the profile: filters match these, and views show a normalised one. */
  readonly rawNames: readonly string[]
  /** `''` if unknown. */
  readonly file: string
  /** The first line of it in the profile; 0 if unknown. */
  readonly line: number
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
  /** `before` is what a comparison compares with. */
  readonly load: { readonly columns: ArrayBuffer; readonly before: ArrayBuffer | null }
  readonly flame: FlameRequest
  readonly search: SearchRequest
  readonly top: { readonly query: TreeQuery }
  readonly peek: PeekRequest
  readonly packages: { readonly query: TreeQuery }
  readonly tags: { readonly query: TreeQuery }
  readonly source: SourceRequest
  readonly sandwich: SandwichRequest
  readonly compare: CompareRequest
  readonly tree: TreeRequest
  readonly graph: GraphRequest
  readonly file: FileRequest
  readonly check: { readonly query: TreeQuery }
  readonly chain: { readonly query: TreeQuery }
}

/** A pattern of a filter that is not a regular expression, and why. */
export interface InvalidPattern {
  readonly pattern: string
  readonly message: string
}

/** The reply to each request. The server's views have different shapes, in `api/views.ts`. */
export interface ViewAnswers {
  readonly load: LoadedProfile
  readonly flame: FlameAnswer
  readonly search: SearchAnswer
  readonly top: TopAnswer
  readonly peek: PeekAnswer
  readonly packages: PackagesAnswer
  readonly tags: TagsAnswer
  readonly source: SourceAnswer
  readonly sandwich: SandwichAnswer | null
  readonly compare: CompareAnswer
  readonly tree: TreeAnswer
  readonly graph: GraphAnswer
  readonly file: Blob
  /** `null` where all filters of the query are valid. */
  readonly check: InvalidPattern | null
  /** Whether the flame graph has a long filter chain. */
  readonly chain: boolean
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
