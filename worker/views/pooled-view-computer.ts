import { AppError, isErrorCode, type ViewReplies, type ViewRequest } from '../../api/index.ts'
import type { ProfileStore, StoredProfile } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import { DecoderDied } from '../pool/decoder-process.ts'
import { type DecoderReply, fromRefusal, type ViewTask } from '../pool/decoder-task.ts'

export interface ViewNeeds {
  readonly profiles: Pick<ProfileStore, 'find'>
  readonly pool: Pick<DecoderPool, 'take'>
  readonly viewMsMax: number
}

/** Computes views in the decoder processes. */
export function openViewComputer({ profiles, pool, viewMsMax }: ViewNeeds) {
  return {
    async computeView<Request extends ViewRequest>(
      profileId: string,
      request: Request,
    ): Promise<ViewReplies[Request['view']]> {
      const profile = await profiles.find(profileId)
      if (profile === null) throw new AppError('PROFILE_NOT_FOUND')
      const task = { kind: 'view', columnsBlobKey: columnsOf(profile), request } as const
      const reply = await run(pool, task, viewMsMax).catch((error: unknown) => {
        throw error instanceof DecoderDied ? viewDied(error) : error
      })
      if (reply.kind === 'refused') throw fromRefusal(reply.refusal)
      assertReply(request, reply.result)
      return reply.result
    },
  }
}

async function run(pool: ViewNeeds['pool'], task: ViewTask, msMax: number): Promise<DecoderReply> {
  const decoder = await pool.take(task.columnsBlobKey)
  try {
    return await decoder.run(task, { msMax })
  } finally {
    decoder.giveBack()
  }
}

/** Throws why the profile cannot be looked at. */
export function columnsOf({ status, columnsBlobKey, failure }: StoredProfile): string {
  if (columnsBlobKey !== null) return columnsBlobKey
  if (failure === null || (status !== 'failed' && status !== 'quarantined')) {
    throw new AppError('PROFILE_NOT_READY', { retryAfterSeconds: 1 })
  }
  const { code, message, reason, offsetBytes } = failure
  throw new AppError(isErrorCode(code) ? code : 'PROFILE_INVALID', {
    message,
    details: { reason, offsetBytes },
  })
}

/** A decoder that died of a view, in the words of the catalogue. */
export function viewDied(cause: DecoderDied): AppError {
  if (cause.reason === 'timeout') return new AppError('VIEW_TIMEOUT', { cause })
  if (cause.reason === 'cancelled') return new AppError('SHUTTING_DOWN', { cause })
  if (cause.reason === 'start') return new AppError('OVERLOADED', { cause })
  return new AppError('VIEW_TIMEOUT', {
    message: 'The view took too much memory to compute; narrow it by a filter.',
    cause,
  })
}

/** The decoder process runs our own code; this only tells apart what could be mixed up. */
function assertReply<Request extends ViewRequest>(
  { view }: Request,
  result: unknown,
): asserts result is ViewReplies[Request['view']] {
  const kinds = [typeof result === 'string', result instanceof Uint8Array]
  const isMeant = kinds[0] === (view === 'svg') && kinds[1] === (view === 'export')
  if (!isMeant) throw new TypeError(`the decoder sent no ${view} view`)
}
