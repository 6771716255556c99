import { AppError, isErrorCode, type ErrorCode } from '../../api/errors.ts'
import type {
  CompareReply,
  MergeReply,
  RangeFlameQuery,
  RangeFlameReply,
  RangeGraphQuery,
  RangeGraphReply,
  RangeMoversQuery,
  RangeMoversReply,
  RangePeekQuery,
  RangePeekReply,
  RangeRawQuery,
  RangeSeriesQuery,
  RangeSeriesReply,
  RangeTopQuery,
  RangeTopReply,
  RangeTreeQuery,
  RangeTreeReply,
  TableOptions,
  TraceReply,
  TrendOptions,
  TrendReply,
  ViewName,
  ViewQueries,
  ViewRedaction,
  ViewReplies,
} from '../../api/index.ts'
import type {
  NumberedContent,
  NumberedInput,
  PackingInput,
  RangePlan,
  RollUpInput,
  ServedRequests,
} from '../../history/index.ts'
import type { ComparedPer, RequestRates } from '../../profile/index.ts'
import type {
  AnalysisResult,
  BlobKey,
  EarlierCapture,
  EarlierProfile,
  ProfileBytes,
  JudgementResult,
  Packed,
  ProfileSource,
  RolledUpDays,
  StoredBaseline,
  StoredCaptureFile,
} from '../../store/index.ts'

/**
 * The input of each kind of task. A task is about one profile, one capture, or several profiles.
 */
export interface DecoderTasks extends ViewTasks {
  readonly analyse: AnalyseTask
  readonly judge: JudgeTask
  /** Sums up an execution trace. */
  readonly trace: { readonly blobKey: BlobKey }
  readonly compare: CompareTask
  readonly merge: OverTimeTask<TableOptions>
  readonly mergeFile: OverTimeTask<TableOptions>
  readonly trend: OverTimeTask<TrendOptions>
  /** Packs profiles of history into blocks. */
  readonly pack: PackingInput
  /** Reads profiles of history as rows of ClickHouse. */
  readonly packNumbered: NumberedInput
  /** Puts days of history into the blocks of their months. */
  readonly rollUp: RollUpInput
  readonly rangeTop: RangeTask<RangeTopQuery>
  readonly rangeFlame: RangeTask<RangeFlameQuery>
  readonly rangePeek: RangeTask<RangePeekQuery>
  readonly rangeTree: RangeTask<RangeTreeQuery>
  readonly rangeGraph: RangeTask<RangeGraphQuery>
  readonly rangeRaw: RangeTask<RangeRawQuery>
  readonly rangeColumns: RangeTask<RangeRawQuery>
  /** `requests`: what values are divided by; null for values per second or profile. */
  readonly rangeSeries: RangeTask<RangeSeriesQuery> & {
    readonly requests: RangeRequests | null
  }
  /** `rates`: what values are divided by; null for values per second or profile. */
  readonly rangeMovers: RangeTask<RangeMoversQuery> & {
    readonly before: RangePlan
    readonly rates: RequestRates | null
  }
}

/** What the processes of a range served. */
export interface RangeRequests {
  /** The metric that counts it. */
  readonly metric: string
  readonly served: readonly ServedRequests[]
}

/** The result of each kind of task. */
export interface DecoderResults extends ViewReplies {
  /** `inflateRatio`: the inflated size of the profile by its size as sent. */
  readonly analyse: AnalysisResult & { readonly inflateRatio: number }
  readonly judge: JudgementResult
  readonly trace: Omit<TraceReply, 'fileName'>
  readonly compare: ComparedProfiles
  readonly merge: MergedProfiles
  /** Gzipped profile.proto. */
  readonly mergeFile: Uint8Array
  readonly trend: TrendOfProfiles
  readonly pack: Packed
  readonly packNumbered: NumberedContent
  readonly rollUp: RolledUpDays
  readonly rangeTop: RangeTopReply
  readonly rangeFlame: RangeFlameReply
  readonly rangePeek: RangePeekReply
  readonly rangeTree: RangeTreeReply
  readonly rangeGraph: RangeGraphReply
  /** Gzipped profile.proto. */
  readonly rangeRaw: Uint8Array
  /** Gzipped columns. */
  readonly rangeColumns: Uint8Array
  readonly rangeSeries: Omit<RangeSeriesReply, 'events'>
  readonly rangeMovers: RangeMoversReply
}

export type TaskKind = keyof DecoderTasks

/** A task for a decoder process: one message. */
export type DecoderTask<Kind extends TaskKind = TaskKind> = {
  readonly [K in Kind]: { readonly kind: K } & DecoderTasks[K]
}[Kind]

export type ResultOf<Task extends DecoderTask> = DecoderResults[Task['kind']]

export interface AnalyseTask {
  readonly rawBlobKey: BlobKey
  readonly source: ProfileSource
  readonly earlier: readonly EarlierProfile[]
  readonly baseline: StoredBaseline | null
}

export interface JudgeTask {
  readonly component: string | null
  /** Where the process answers: a URL or `host:port`. */
  readonly address: string | null
  readonly files: readonly StoredCaptureFile[]
  readonly earlier: readonly EarlierCapture[]
  readonly baseline: StoredBaseline | null
}

/** A view of one profile. */
export interface ViewTask<Query> {
  readonly bytes: ProfileBytes
  readonly query: Query
  /** Absent or `null` for the whole profile. */
  readonly redaction?: ViewRedaction | null
}

export type ViewTasks = { readonly [Name in ViewName]: ViewTask<ViewQueries[Name]> }

/** One of several profiles of a task. */
export interface TimedProfile {
  readonly bytes: ProfileBytes
  /** Identifies the process of the profile. */
  readonly process: string
}

/** Several profiles, ordered by time. */
export interface OverTimeTask<Options> {
  readonly profiles: readonly TimedProfile[]
  readonly options: Options
}

/** A range that was planned where the rows are. */
export interface RangeTask<Query> {
  readonly plan: RangePlan
  readonly query: Query
}

export interface CompareTask {
  readonly before: readonly TimedProfile[]
  readonly after: readonly TimedProfile[]
  readonly options: TableOptions
  readonly per: ComparedPer
}

export type ComparedProfiles = Omit<CompareReply, 'a' | 'b' | 'requests'> & {
  readonly durationSeconds: { readonly before: number | null; readonly after: number | null }
}

export type MergedProfiles = Omit<MergeReply, 'profileIds' | 'isCut' | 'does'>

export type TrendOfProfiles = Pick<TrendReply, 'sampleType' | 'kind' | 'per'> & {
  /** One per profile, in the same order. */
  readonly points: readonly TrendPoint[]
}

export type TrendPoint = Pick<TrendReply['points'][number], 'value' | 'total' | 'hasRestarted'>

/** The first message of a decoder process: it has started. */
export const DECODER_READY = 'ready'

/** The reply, with the kind of its task. Any other failure of the task ends the process. */
export type DecoderReply<Kind extends TaskKind> =
  | { readonly kind: Kind; readonly result: DecoderResults[Kind] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** An AppError as sent between processes. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly details: AppError['details']
}

/** Runs tasks within a decoder process. Throws an AppError for a task that cannot be done. */
export type DecoderHandlers = {
  readonly [Kind in TaskKind]: (task: DecoderTask<Kind>) => Promise<DecoderResults[Kind]>
}

export function toRefusal({ code, message, details }: AppError): Refusal {
  return { code, message, details }
}

export function fromRefusal({ code, message, details }: Refusal): AppError {
  return new AppError(code, { message, ...(details === null ? {} : { details }) })
}

/**
 * Whether a message of a decoder process is the reply to a task of this kind. The process runs our
 * own code.
 */
export function isReplyTo<Kind extends TaskKind>(
  kind: Kind,
  message: unknown,
): message is DecoderReply<Kind> {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false
  if (message.kind === kind) return 'result' in message
  return message.kind === 'refused' && 'refusal' in message && isRefusal(message.refusal)
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false
  return 'code' in value && typeof value.code === 'string' && isErrorCode(value.code)
}
