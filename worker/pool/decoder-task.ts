import { AppError, isErrorCode, type ErrorCode } from '../../api/errors.ts'
import type { CompareQuery, MergeQuery, TrendQuery, ViewRequest } from '../../api/index.ts'
import type {
  AnalysisResult,
  BlobKey,
  EarlierCapture,
  EarlierProfile,
  JudgementResult,
  ProfileSource,
  StoredCaptureFile,
} from '../../store/index.ts'

/** What a decoder process is asked to do: one message, one profile, or all of one capture. */
export type DecoderTask = AnalyseTask | JudgeTask | ViewTask | OverTimeTask | TraceTask

export interface AnalyseTask {
  readonly kind: 'analyse'
  readonly rawBlobKey: BlobKey
  readonly source: ProfileSource
  readonly earlier: readonly EarlierProfile[]
}

export interface JudgeTask {
  readonly kind: 'judge'
  readonly component: string | null
  readonly files: readonly StoredCaptureFile[]
  readonly earlier: readonly EarlierCapture[]
}

export interface ViewTask {
  readonly kind: 'view'
  readonly columnsBlobKey: BlobKey
  readonly request: ViewRequest
}

/** Sums up an execution trace. */
export interface TraceTask {
  readonly kind: 'trace'
  readonly blobKey: BlobKey
}

/** One of several profiles that are looked at together. */
export interface TimedColumns {
  readonly profileId: string
  readonly columnsBlobKey: BlobKey
  /** Tells processes apart. */
  readonly process: string
}

/** Several profiles looked at together; those of a range in the order of their time. */
export type OverTimeTask = { readonly kind: 'overTime' } & (
  | {
      readonly view: 'compare'
      readonly sides: readonly (readonly TimedColumns[])[]
      readonly query: CompareQuery
    }
  | {
      readonly view: 'merge'
      readonly profiles: readonly TimedColumns[]
      readonly query: MergeQuery
    }
  | {
      readonly view: 'trend'
      readonly profiles: readonly TimedColumns[]
      readonly query: TrendQuery
    }
)

export interface DecoderResults {
  readonly analyse: AnalysisResult
  readonly judge: JudgementResult
  /** The view's reply, as `ViewReplies` names it. */
  readonly view: unknown
}

/** The first message of a decoder process: it has come up. */
export const DECODER_READY = 'ready'

/** What comes back. Anything else that happens to the task ends the process. */
export type DecoderReply =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** An AppError as it travels between processes. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly details: AppError['details']
}

/** Does the tasks, within a decoder process. Throws an AppError for a task that cannot be done. */
export interface DecoderHandlers {
  readonly analyse: (task: AnalyseTask) => Promise<AnalysisResult>
  readonly judge: (task: JudgeTask) => Promise<JudgementResult>
  readonly view: (task: ViewTask) => Promise<unknown>
  readonly overTime: (task: OverTimeTask) => Promise<unknown>
  readonly trace: (task: TraceTask) => Promise<unknown>
}

export function toRefusal({ code, message, details }: AppError): Refusal {
  return { code, message, details }
}

export function fromRefusal({ code, message, details }: Refusal): AppError {
  return new AppError(code, { message, ...(details === null ? {} : { details }) })
}

export function isDecoderReply(message: unknown): message is DecoderReply {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false
  if (message.kind === 'done') return 'result' in message
  return message.kind === 'refused' && 'refusal' in message && isRefusal(message.refusal)
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false
  return 'code' in value && typeof value.code === 'string' && isErrorCode(value.code)
}
