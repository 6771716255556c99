import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AppError,
  ChangeSpaceBody,
  DEFAULT_SPACE,
  SessionReply,
  SignInBody,
} from '../../api/index.ts'
import type { App } from '../http/app.ts'
import { ROW_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { callerOf, homeSpaceOf, roleIn } from './caller.ts'
import { findValidToken } from './find-token.ts'
import type { Gate } from './gate.ts'
import { hashToken } from './secret-token.ts'

const tags = ['session']

/** Reads the cookies of every request; must run before the gate. */
export async function readCookies(app: App): Promise<void> {
  await app.register(cookie)
}

/** Sign-in from a browser: a token is exchanged for a session, and the cookie holds only that. */
export function sessionRoutes(app: App, needs: ServerNeeds, gate: Gate): void {
  app.get(
    '/api/v1/session',
    {
      config: { access: 'public', errors: ['FORBIDDEN', ...ROW_ERRORS] },
      schema: {
        tags,
        summary: 'The caller: role, name and space',
        response: { 200: SessionReply },
      },
    },
    async (request) => {
      const needsToken = !(await gate.callers.isOpen())
      const caller = await gate.callers.find(request)
      return { needsToken, oidcName: oidcNameOf(needs), ...presentCaller(caller, needs) }
    },
  )
  app.post(
    '/api/v1/session',
    {
      config: {
        access: 'public',
        audit: 'none',
        errors: ['UNAUTHENTICATED', 'RATE_LIMITED', ...ROW_ERRORS],
      },
      schema: {
        tags,
        summary: 'Sign in: exchanges the token for a session, whose cookie the browser keeps',
        body: SignInBody,
        response: { 200: SessionReply },
      },
    },
    (request, reply) => signIn({ request, reply, token: request.body.token }, needs, gate),
  )
  spaceRoute(app, needs)
  app.delete(
    '/api/v1/session',
    {
      config: { access: 'public', audit: 'session.sign-out', errors: ROW_ERRORS },
      schema: {
        tags,
        summary: 'Sign out: ends the session',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const value = gate.cookie.read(request)
      if (value !== null) {
        request.caller = await gate.callers.find(request).catch(() => null)
        await gate.sessions.end(value)
      }
      gate.cookie.clear({ request, reply })
      return reply.code(204).header('clear-site-data', '"cache"').send(null)
    },
  )
}

/** Only a session has a space to change; a program names one with each request. */
function spaceRoute(app: App, needs: ServerNeeds): void {
  app.put(
    '/api/v1/session',
    {
      config: { access: 'viewer', space: 'own', audit: 'none' },
      schema: {
        tags,
        summary: 'Show another space in this browser',
        body: ChangeSpaceBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { grants, sessionHash } = callerOf(request)
      const { space } = request.body
      const isThere = space === DEFAULT_SPACE || (await needs.store.spaces.find(space)) !== null
      if (!isThere || roleIn(grants, space) === null) {
        throw new AppError('FORBIDDEN', { message: 'You have no role in this space.' })
      }
      if (sessionHash === null) {
        throw new AppError('REQUEST_INVALID', {
          message: 'Only a browser that has signed in has a space to change.',
        })
      }
      await needs.store.sessions.setSpace(sessionHash, space)
      return reply.code(204).send(null)
    },
  )
}

interface SignIn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly token: string
}

async function signIn(
  { request, reply, token }: SignIn,
  needs: ServerNeeds,
  { sessions, cookie: sessionCookie, audit, refuse }: Gate,
): Promise<SessionReply> {
  const { store, settingsTokens } = needs
  const tokenHash = hashToken(token)
  const found = await findValidToken({ tokens: store.tokens, settingsTokens }, tokenHash)
  if (found === null) return await refuse(request, 'sign-in')
  const space = homeSpaceOf(found.grants)
  const session = await sessions.start({ tokenHash, user: null, space })
  sessionCookie.write({ request, reply }, session)
  await audit.record(request, {
    action: 'session.sign-in',
    outcome: 'done',
    space,
    actor: { actor: found.name, actorKind: 'token' },
  })
  const role = roleIn(found.grants, space)
  const access = presentCaller({ role, name: found.name, space }, needs)
  return { needsToken: true, oidcName: oidcNameOf(needs), ...access }
}

type Access = Pick<SessionReply, 'role' | 'name' | 'space'>

/** Whoever is not signed in gets nothing but that there is a sign-in. */
function presentCaller(
  caller: Access | null,
  { options: { metricsUrl } }: Pick<ServerNeeds, 'options'>,
): Access & Pick<SessionReply, 'metricsUrl'> {
  if (caller === null) return { role: null, name: null, space: null, metricsUrl: null }
  const { role, name, space } = caller
  return { role, name, space, metricsUrl: metricsUrl === '' ? null : metricsUrl }
}

function oidcNameOf({ accounts }: ServerNeeds): string | null {
  return accounts.oidcIssuer === '' ? null : accounts.oidcName
}
