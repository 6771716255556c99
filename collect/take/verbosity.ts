import { AppError } from '../../api/errors.ts'
import { readHead } from '../reach/net/http-client.ts'
import type { ProcessConnection } from '../reach/process-connection.ts'
import type { VerbosityPlan } from './capture-plan.ts'
import { readRefusal } from '../reach/refusal-of-answer.ts'

/**
 * Records that a log level was raised, so that it is restored even when this process is killed in between: the next one
 * to start restores every level that is still recorded, with `setVerbosity`.
 */
export interface VerbosityRecords {
  /** Called before the level is raised; durable when it settles. */
  raised(restoreTo: number): Promise<void>
  /** The level was restored. */
  restored(): Promise<void>
}

const PATH = '/debug/flags/v'
const LIMITS = { headersMsMax: 10_000, wholeMsMax: 15_000, bytesMax: 64 * 1024 } as const
const HEAD_BYTES_MAX = 4096

/**
 * Sets klog's level of a process. Throws TARGET_FORBIDDEN and what a connection throws.
 * https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
 */
export async function setVerbosity(
  connection: ProcessConnection,
  level: number,
  signal?: AbortSignal,
): Promise<void> {
  const answer = await connection.put(PATH, String(level), LIMITS, signal)
  if (answer.status !== 200) throw await readRefusal(connection, `PUT ${PATH}`, answer)
  await readHead(answer.body, HEAD_BYTES_MAX)
}

export interface RaiseNeeds {
  readonly records: VerbosityRecords
  readonly signal: AbortSignal
  readonly sleep: (forMs: number, signal: AbortSignal) => Promise<void>
  /** The level that the process was started with; null where it is unknown. */
  readonly readVerbosity: () => Promise<number | null>
  /** Failures to change the level are added here; the work is done all the same. */
  readonly notes: string[]
}

/** Raises the level during `work`, then restores it. Leaves it alone where the level to restore is unknown. */
export async function withVerbosity<Result>(
  connection: ProcessConnection,
  { level, restoreTo: given }: VerbosityPlan,
  needs: RaiseNeeds,
  work: () => Promise<Result>,
): Promise<Result> {
  const { notes } = needs
  const restoreTo = given ?? (await levelBefore(needs))
  if (restoreTo === null) return await work()
  await needs.records.raised(restoreTo)
  let isRaised = true
  try {
    await setVerbosity(connection, level, needs.signal)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    notes.push(`The log level was not raised: ${error.message}`)
    isRaised = !REFUSED.includes(error.code)
  }
  try {
    return await work()
  } finally {
    const fault = isRaised ? await restore(connection, restoreTo, needs) : null
    if (fault === null) await needs.records.restored()
    else notes.push(`The log level is still ${level}, and will be set back later: ${fault.message}`)
  }
}

async function levelBefore({ readVerbosity, notes }: RaiseNeeds): Promise<number | null> {
  try {
    const level = await readVerbosity()
    if (level === null) notes.push('The log level was not raised: what to put back is not known.')
    return level
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    notes.push(`The log level was not raised: what to put back is not known. ${error.message}`)
    return null
  }
}

/** The answer means that nothing was changed. */
const REFUSED: readonly string[] = [
  'TARGET_FORBIDDEN',
  'TARGET_UNAUTHENTICATED',
  'TARGET_PROFILING_DISABLED',
  'TARGET_RESPONSE_INVALID',
  'TARGET_REDIRECTED',
]
const RESTORE_TRIES = 3
const RESTORE_WAIT_MS = 1000

/** Null on success. The capture's signal does not abort it. */
async function restore(
  connection: ProcessConnection,
  restoreTo: number,
  { sleep }: RaiseNeeds,
): Promise<AppError | null> {
  for (let count = 1; ; count++) {
    try {
      await setVerbosity(connection, restoreTo)
      return null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (count === RESTORE_TRIES) return error
      await sleep(RESTORE_WAIT_MS, new AbortController().signal)
    }
  }
}
