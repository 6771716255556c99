import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, EVERY_SPACE } from '../../api/index.ts'
import type { Store } from '../../store/index.ts'
import type { App } from '../http/app.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { accessOf, checkRole } from './access.ts'
import { type AuditLog, openAuditLog } from './audit-log.ts'
import type { Caller } from './caller.ts'
import { bearerOf, type CallerFinder, makeCallerFinder } from './find-caller.ts'
import { makeFailureThrottle } from './failure-throttle.ts'
import { makeProxyUserFinder } from './proxy-user.ts'
import { makeSessionCookie, type SessionCookie } from './session-cookie.ts'
import { makeSessions, type Sessions } from './sessions.ts'

/** Everything that decides who a caller is and notes what callers did. */
export interface Gate {
  readonly callers: CallerFinder
  readonly sessions: Sessions
  readonly cookie: SessionCookie
  readonly audit: AuditLog
  /** Counts and notes a wrong token, then throws UNAUTHENTICATED, or RATE_LIMITED for too many. */
  readonly refuse: (request: FastifyRequest, mode: 'bearer' | 'sign-in') => Promise<never>
}

export function openGate(
  { options, accounts, store, settingsTokens, logger }: ServerNeeds,
  metrics: Metrics,
): Gate {
  const { tokens } = store
  const cookie = makeSessionCookie(options)
  const sessions = makeSessions({
    tokens,
    settingsTokens,
    sessions: store.sessions,
    options: accounts,
  })
  const audit = openAuditLog({ audit: store.audit, auditDays: accounts.auditDays, logger })
  const throttle = makeFailureThrottle(accounts.failuresPerMinuteMax)
  return {
    callers: makeCallerFinder({
      tokens,
      spaces: store.spaces,
      settingsTokens,
      sessions,
      cookie,
      proxyUserOf: makeProxyUserFinder(accounts, options),
      options: accounts,
    }),
    sessions,
    cookie,
    audit,
    async refuse(request, mode) {
      metrics.countAuthFailure(mode)
      const retryAfterSeconds = throttle.count(request.ip)
      const action = mode === 'sign-in' ? 'session.sign-in' : 'token.use'
      await audit.recordOnce(request, {
        action,
        outcome: 'refused',
        details: { isThrottled: retryAfterSeconds !== null },
      })
      if (retryAfterSeconds !== null) {
        metrics.countRateLimited('failures')
        throw new AppError('RATE_LIMITED', {
          message: 'Too many wrong tokens came from this address.',
          retryAfterSeconds,
        })
      }
      throw new AppError('UNAUTHENTICATED', {
        message: mode === 'sign-in' ? 'No such token.' : 'The token is not valid.',
      })
    },
  }
}

/** Finds the caller of each request and checks the role that its route requires. */
export function addGate(app: App, gate: Gate, { spaces }: Pick<Store, 'spaces'>): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('auditNote', null)
  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    const access = accessOf(request.routeOptions.config)
    if (access === 'public') return
    request.caller = await findCaller(request, gate)
    checkRole(request.caller, access)
    await checkSpace(request.caller, request.routeOptions.config, spaces)
  })
  app.addHook('onSend', async (request, reply) => recordChange(request, reply, gate.audit))
}

/**
 * A route says what it reads: `own` rows of the caller's space, or nothing that belongs to a space
 * (`none`). Any other could show more than one space, so once there are several it needs rights in
 * every one.
 */
async function checkSpace(
  { grants }: Caller,
  { space }: FastifyContextConfig,
  spaces: Store['spaces'],
): Promise<void> {
  if (space !== undefined || grants.some((grant) => grant.space === EVERY_SPACE)) return
  if ((await spaces.list()).length === 0) return
  throw new AppError('FORBIDDEN', { message: 'This shows every space, and you see only some.' })
}

async function findCaller(request: FastifyRequest, gate: Gate): Promise<Caller> {
  const caller = await gate.callers.find(request)
  if (caller !== null) return caller
  const token = bearerOf(request)
  if (token !== null && token !== '') return await gate.refuse(request, 'bearer')
  throw new AppError('UNAUTHENTICATED')
}

/** What a handler adds to the entry of its route in the audit log. */
export interface AuditNote {
  /** The action, where the route has several. */
  readonly action?: string
  readonly object?: string
  readonly details?: Readonly<Record<string, unknown>>
}

declare module 'fastify' {
  interface FastifyRequest {
    auditNote: AuditNote | null
  }
  interface FastifyContextConfig {
    /** The action that the audit log notes for each call of the route; `none` for no change. */
    audit?: string
    /** See `checkSpace`. */
    space?: 'own' | 'none'
  }
}

/** Notes each call of a route that declares an action, and each refusal of any route. */
async function recordChange(
  request: FastifyRequest,
  { statusCode }: FastifyReply,
  audit: AuditLog,
): Promise<void> {
  const { audit: declared } = request.routeOptions.config
  const route = declared === undefined || declared === 'none' ? null : declared
  const action = request.auditNote?.action ?? route
  const object = request.auditNote?.object ?? objectOf(request.params)
  const details = request.auditNote?.details
  const event = { object, ...(details === undefined ? {} : { details }) }
  if (statusCode === 403) {
    const url = request.routeOptions.url ?? ''
    await audit.recordOnce(request, {
      ...event,
      action: action ?? 'route.use',
      outcome: 'refused',
      details: { method: request.method, route: url },
    })
  } else if (action !== null && statusCode < 400) {
    await audit.record(request, { ...event, action, outcome: 'done' })
  } else if (action !== null && (statusCode === 409 || statusCode >= 500)) {
    await audit.record(request, { ...event, action, outcome: 'failed' })
  }
}

function objectOf(params: unknown): string | null {
  if (typeof params !== 'object' || params === null) return null
  const value: unknown = Reflect.get(params, 'id') ?? Reflect.get(params, 'name')
  return typeof value === 'string' ? value : null
}
