import { AppError } from '../../api/errors.ts'
import { oneLine } from '../reach/net/status-message.ts'
import type { ProcessConnection } from '../reach/process-connection.ts'
import type { CapturePartOutcome, CaptureSink } from './capture-outcome.ts'
import type { PlannedPart } from './capture-plan.ts'
import { partBody, type PartFacts } from './part-body.ts'
import { readRefusal } from '../reach/refusal-of-answer.ts'
import { type RetryNeeds, withRetries } from './retry.ts'

export interface PartNeeds extends RetryNeeds {
  readonly sink: CaptureSink
  readonly metricNames: ReadonlySet<string>
  readonly facts: PartFacts
  readonly now: () => number
}

/** Takes one part and stores it. Throws only errors other than AppError. */
export async function takePart(
  connection: ProcessConnection,
  part: PlannedPart,
  needs: PartNeeds,
): Promise<CapturePartOutcome> {
  const { kind, fileName } = part
  const named = { kind, fileName }
  const startedAtMs = needs.now()
  try {
    const taken = await withRetries(part, needs, (part) => takeOnce(connection, part, needs))
    const durationMs = needs.now() - startedAtMs
    return { ...named, ...taken, state: 'taken', durationMs, error: null }
  } catch (error) {
    if (needs.signal.aborted) return untriedPart(named, ENDED)
    if (!(error instanceof AppError)) throw error
    const isLacking = part.skippedOn.includes(error.code)
    return {
      ...named,
      state: isLacking ? 'skipped' : 'failed',
      profileId: null,
      sizeBytes: null,
      durationMs: needs.now() - startedAtMs,
      error: isLacking ? null : error,
      note: isLacking ? error.message : null,
    }
  }
}

export const ENDED = 'The capture ended before this part.'

/** A part that was not tried, or was aborted. */
export function untriedPart(
  { kind, fileName }: Pick<PlannedPart, 'kind' | 'fileName'>,
  note: string,
): CapturePartOutcome {
  return {
    kind,
    fileName,
    state: 'skipped',
    profileId: null,
    sizeBytes: null,
    durationMs: null,
    error: null,
    note,
  }
}

/** A profile that is this much shorter than requested was cut short. */
const SHORT_SHARE = 0.9

type Taken = Pick<CapturePartOutcome, 'profileId' | 'sizeBytes' | 'note'>

async function takeOnce(
  connection: ProcessConnection,
  part: PlannedPart,
  { sink, signal, metricNames, facts, now }: PartNeeds,
): Promise<Taken> {
  const { kind, fileName, seconds } = part
  const startedAtMs = now()
  const query = pathOf(connection, part)
  const [path = ''] = query.split('?')
  const answer = await connection.get(query, part, signal)
  const answeredMs = now() - startedAtMs
  // An unhealthy process answers 500 and says what is wrong.
  const isUnhealthy = kind === 'healthz' && answer.status === 500
  if (answer.status !== 200 && !isUnhealthy) throw await readRefusal(connection, path, answer)
  const found: { note: string | null } = { note: null }
  const body = partBody(answer, {
    part,
    path,
    who: whoOf(connection),
    component: connection.address.component,
    metricNames,
    facts,
    found,
  })
  const written = await sink.write({ kind, fileName, takenAtMs: startedAtMs }, body)
  // The first byte of a measured profile comes when the measurement is over.
  const isShort = seconds !== null && kind !== 'trace' && answeredMs < seconds * 1000 * SHORT_SHARE
  const short = `PROFILE_SHORT: it was over after ${(answeredMs / 1000).toFixed(1)} of ${seconds} s`
  return {
    profileId: written.profileId ?? null,
    sizeBytes: written.sizeBytes,
    note: isShort ? short : isUnhealthy ? 'The process reports that it is unhealthy.' : found.note,
  }
}

function pathOf({ address }: ProcessConnection, { path, isOfPprof }: PlannedPart): string {
  return isOfPprof ? address.pprofPath + path : path
}

function whoOf({ address }: ProcessConnection): string {
  return `${address.component ?? 'The process'} at ${oneLine(address.instance)}`
}
