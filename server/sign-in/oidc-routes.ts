import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../api/index.ts'
import { homeSpaceOf } from '../accounts/caller.ts'
import type { Gate } from '../accounts/gate.ts'
import { grantsOfGroups } from '../accounts/group-grants.ts'
import type { App } from '../http/app.ts'
import { ROW_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { makeLoginCookie } from './login-cookie.ts'
import {
  makeOidcClient,
  newCodeVerifier,
  newNonce,
  newState,
  type OidcClient,
  type OidcUser,
} from './oidc-client.ts'

const ATTEMPT_SECONDS = 600
const tags = ['session']
/** A path of this server: neither another host (`//x`, `/\x`) nor another scheme. */
const ReturnPath = Type.String({ pattern: '^/([^/\\\\].*)?$', maxLength: 2000 })
const REDIRECTS = { 302: Type.Null({ description: 'To the address in Location' }) }

/** Sign-in with an identity provider (OpenID Connect), and sign-out at it. */
export function oidcRoutes(app: App, needs: ServerNeeds, gate: Gate): void {
  if (needs.accounts.oidcIssuer === '') return
  const provider = makeOidcClient(needs.accounts)
  loginRoute(app, needs, provider)
  callbackRoute(app, needs, { gate, provider })
  logoutRoute(app, needs, { gate, provider })
}

interface Parts {
  readonly gate: Gate
  readonly provider: OidcClient
}

function loginRoute(app: App, needs: ServerNeeds, provider: OidcClient): void {
  const cookie = makeLoginCookie(needs)
  app.get(
    '/auth/login',
    {
      config: { access: 'public', errors: ['SIGN_IN_FAILED'] },
      schema: {
        tags,
        summary: 'Sign in with the identity provider',
        querystring: Type.Object(
          { return: Type.Optional(ReturnPath) },
          { additionalProperties: false },
        ),
        response: { ...REDIRECTS },
      },
    },
    async (request, reply) => {
      const attempt = {
        state: newState(),
        nonce: newNonce(),
        codeVerifier: newCodeVerifier(),
        returnTo: request.query.return ?? '/',
        expiresAtMs: Date.now() + ATTEMPT_SECONDS * 1000,
      }
      const url = await provider.authorizationUrl(attempt, callbackUrl(request, needs))
      cookie.write({ request, reply }, { attempt, seconds: ATTEMPT_SECONDS })
      return redirect(reply, url.href)
    },
  )
}

function callbackRoute(app: App, needs: ServerNeeds, { gate, provider }: Parts): void {
  const cookie = makeLoginCookie(needs)
  app.get(
    '/auth/callback',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Where the identity provider sends the browser back to',
        querystring: Type.Object({}, { additionalProperties: Type.String({ maxLength: 8000 }) }),
        response: { ...REDIRECTS },
      },
    },
    async (request, reply) => {
      const attempt = cookie.read(request)
      cookie.clear({ request, reply })
      try {
        if (attempt === null) {
          throw new AppError('SIGN_IN_FAILED', { message: 'The sign-in was not begun here.' })
        }
        const url = new URL(callbackUrl(request, needs))
        url.search = new URL(request.url, url).search
        const user = await provider.finish(attempt, url)
        await begin({ request, reply, user }, needs, gate)
        return redirect(reply, attempt.returnTo)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        request.log.warn({ err: error }, 'a sign-in failed')
        const details = { reason: error.message }
        const refused = { action: 'session.sign-in', outcome: 'refused', details } as const
        await gate.audit.recordOnce(request, refused)
        return redirect(reply, `/?signin=${error.code === 'FORBIDDEN' ? 'forbidden' : 'failed'}`)
      }
    },
  )
}

interface Beginning {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly user: OidcUser
}

/** Starts a session. Throws FORBIDDEN when no group of the user gives a role. */
async function begin(
  { request, reply, user }: Beginning,
  { accounts, keyring }: ServerNeeds,
  { sessions, cookie, audit }: Gate,
): Promise<void> {
  const { name, groups, idToken } = user
  const grants = grantsOfGroups(groups, accounts)
  if (grants.length === 0) {
    throw new AppError('FORBIDDEN', { message: `No group of ${name} gives a role here.` })
  }
  const space = homeSpaceOf(grants)
  const sealedIdToken = idToken === null ? null : keyring.seal(idToken, ID_TOKEN)
  const session = await sessions.start({
    tokenHash: null,
    user: { name, groups, sealedIdToken },
    space,
  })
  cookie.write({ request, reply }, session)
  await audit.record(request, {
    action: 'session.sign-in',
    outcome: 'done',
    space,
    actor: { actor: name, actorKind: 'user' },
  })
}

const ID_TOKEN = 'id-token'

/**
 * A navigation, because the provider shows a page. Other sites cannot cause it: the cookie is
 * `SameSite=Strict`, and without it nothing ends.
 */
function logoutRoute(app: App, needs: ServerNeeds, { gate, provider }: Parts): void {
  app.get(
    '/auth/logout',
    {
      config: { access: 'public', audit: 'session.sign-out', errors: ROW_ERRORS },
      schema: {
        tags,
        summary: 'Sign out here and at the identity provider',
        response: { ...REDIRECTS },
      },
    },
    async (request, reply) => {
      const value = gate.cookie.read(request)
      if (value === null) return redirect(reply, '/')
      request.caller = await gate.callers.find(request).catch(() => null)
      const sealed = await gate.sessions.end(value)
      gate.cookie.clear({ request, reply })
      void reply.header('clear-site-data', '"cache"')
      const idToken = sealed === null ? null : needs.keyring.open(sealed, ID_TOKEN)
      if (idToken === null) return redirect(reply, '/')
      const home = `${originOf(request, needs)}/`
      const url = await provider.signOutUrl(idToken, home).catch(() => null)
      return redirect(reply, url?.href ?? '/')
    },
  )
}

function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(302).header('location', location).header('cache-control', 'no-store').send(null)
}

function callbackUrl(request: FastifyRequest, needs: ServerNeeds): string {
  return `${originOf(request, needs)}/auth/callback`
}

function originOf(request: FastifyRequest, { options }: ServerNeeds): string {
  return options.publicUrl || `${request.protocol}://${request.host}`
}
