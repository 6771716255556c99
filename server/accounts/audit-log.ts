import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { AuditStore, NewAuditEntry } from '../../store/index.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DELETED_TOGETHER_MAX = 1000
const REPEAT_MS = 60_000
const REPEATS_MAX = 10_000

/** A security event of a request. The caller, address and request id are those of the request. */
export interface AuditEvent {
  readonly action: string
  readonly outcome: NewAuditEntry['outcome']
  readonly object?: string | null
  readonly details?: Readonly<Record<string, unknown>>
  /** The actor where it is not the caller of the request. */
  readonly actor?: Pick<NewAuditEntry, 'actor' | 'actorKind'>
  readonly space?: string
}

/** Writes security events as rows and as lines of the log. */
export interface AuditLog {
  record(request: FastifyRequest, event: AuditEvent): Promise<void>
  /** As `record`, but at most once a minute for equal events: for what a client may repeat at will. */
  recordOnce(request: FastifyRequest, event: AuditEvent): Promise<void>
}

export interface AuditNeeds {
  readonly audit: Pick<AuditStore, 'add' | 'removeBefore'>
  readonly auditDays: number
  readonly logger: Pick<FastifyBaseLogger, 'info' | 'error'>
}

export function openAuditLog({ audit, auditDays, logger }: AuditNeeds): AuditLog {
  const recentMs = new Map<string, number>()
  let expiredAtMs = Number.NEGATIVE_INFINITY

  async function record(request: FastifyRequest, event: AuditEvent): Promise<void> {
    const entry = entryOf(request, event)
    logger.info({ audit: entry }, 'audit')
    try {
      await audit.add(entry)
      await expire()
    } catch (err) {
      // The change is made already; its line is in the log.
      logger.error({ err, audit: entry }, 'an entry of the audit log could not be written')
    }
  }

  async function expire(): Promise<void> {
    const nowMs = Date.now()
    if (nowMs - expiredAtMs < HOUR_MS) return
    const count = await audit.removeBefore(nowMs - auditDays * DAY_MS, DELETED_TOGETHER_MAX)
    // When more are due, the next entry continues.
    if (count < DELETED_TOGETHER_MAX) expiredAtMs = nowMs
  }

  return {
    record,
    async recordOnce(request, event) {
      const { actor, action, object, outcome, address } = entryOf(request, event)
      const key = JSON.stringify([actor, action, object, outcome, address])
      const nowMs = Date.now()
      if (nowMs - (recentMs.get(key) ?? 0) < REPEAT_MS) return
      if (recentMs.size >= REPEATS_MAX) recentMs.clear()
      recentMs.set(key, nowMs)
      await record(request, event)
    },
  }
}

function entryOf(request: FastifyRequest, event: AuditEvent): NewAuditEntry {
  const { caller } = request
  const known: Pick<NewAuditEntry, 'actor' | 'actorKind'> =
    caller === null
      ? { actor: '', actorKind: 'unknown' }
      : { actor: caller.name, actorKind: caller.kind }
  return {
    ...known,
    ...event.actor,
    action: event.action,
    outcome: event.outcome,
    space: event.space ?? caller?.space ?? DEFAULT_SPACE,
    object: event.object ?? null,
    address: request.ip,
    requestId: request.id,
    detailsJson: event.details === undefined ? null : JSON.stringify(event.details),
  }
}
