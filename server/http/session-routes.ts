import cookie from '@fastify/cookie'
import { Type } from 'typebox'
import { AppError, SessionReply, SignInBody } from '../../api/index.ts'
import { makeRoleFinder, SESSION_COOKIE, tokenOf } from './access.ts'
import type { App } from './app.ts'
import { ERROR_RESPONSES } from './error-replies.ts'
import type { ServerNeeds } from './server-needs.ts'

const tags = ['session']
const SESSION_SECONDS = 7 * 24 * 3600
const SIGN_INS_PER_MINUTE_MAX = 10

/** Reads the cookies of every request; must run before the token check. */
export async function readCookies(app: App): Promise<void> {
  await app.register(cookie)
}

/**
 * Sign-in from a browser: the token is stored in a cookie that scripts cannot read and other sites
 * do not send. The server keeps no session, so removing a token from the settings signs out every
 * browser that used it.
 */
export function sessionRoutes(app: App, { options }: Pick<ServerNeeds, 'options'>): void {
  const roleOf = makeRoleFinder(options)
  const needsToken = options.tokens.length > 0
  const isSecure = options.publicUrl.startsWith('https:')
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const
  app.get(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'The role of the caller',
        response: { 200: SessionReply, ...ERROR_RESPONSES },
      },
    },
    async (request) => ({ needsToken, role: needsToken ? roleOf(tokenOf(request)) : 'admin' }),
  )
  app.post(
    '/api/v1/session',
    {
      config: {
        access: 'public',
        rateLimit: { max: SIGN_INS_PER_MINUTE_MAX, timeWindow: 60_000 },
      },
      schema: {
        tags,
        summary: 'Sign in: stores the token in a cookie of the browser',
        body: SignInBody,
        response: { 200: SessionReply, ...ERROR_RESPONSES },
      },
    },
    async (request, reply) => {
      const role = roleOf(request.body.token)
      if (role === null) throw new AppError('UNAUTHENTICATED', { message: 'No such token.' })
      void reply.setCookie(SESSION_COOKIE, request.body.token, {
        ...attributes,
        maxAge: SESSION_SECONDS,
      })
      return { needsToken, role }
    },
  )
  app.delete(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Sign out', response: { 204: Type.Null(), ...ERROR_RESPONSES } },
    },
    async (_request, reply) => {
      void reply.clearCookie(SESSION_COOKIE, attributes)
      return reply.code(204).send(null)
    },
  )
}
