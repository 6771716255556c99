import { Type } from 'typebox'
import {
  AppError,
  CreateTokenBody,
  CreateTokenReply,
  DEFAULT_SPACE,
  EVERY_SPACE,
  Id,
  ListTokensQuery,
  ListTokensReply,
} from '../../api/index.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { type Caller, callerOf, isServerAdmin } from './caller.ts'
import { presentSettingsToken, presentToken } from './present-account.ts'
import { hashToken, newSecretToken } from './secret-token.ts'

const DAY_MS = 86_400_000
const DAYS = 90
const tags = ['accounts']

/** Tokens that admins make, list and revoke: of their space, or of all. */
export function tokenRoutes(app: App, needs: ServerNeeds): void {
  listRoute(app, needs)
  createRoute(app, needs)
  revokeRoute(app, needs)
}

function listRoute(app: App, { store, settingsTokens }: ServerNeeds): void {
  app.get(
    '/api/v1/tokens',
    {
      config: { access: 'admin', space: 'own' },
      schema: {
        tags,
        summary: 'Tokens, newest first, then those of the settings; never the tokens themselves',
        querystring: ListTokensQuery,
        response: { 200: ListTokensReply },
      },
    },
    async (request) => {
      const { limit = 100, cursor = null } = request.query
      const filter = scopeOf(callerOf(request))
      const page = await store.tokens.list(filter, { limit, cursor })
      const fixed = settingsTokens
        .list()
        .filter(({ space = EVERY_SPACE }) => filter.space === undefined || space === filter.space)
      const rest = page.nextCursor === null ? fixed.map(presentSettingsToken) : []
      return { items: [...page.items.map(presentToken), ...rest], nextCursor: page.nextCursor }
    },
  )
}

function createRoute(app: App, { store, settingsTokens }: ServerNeeds): void {
  app.post(
    '/api/v1/tokens',
    {
      config: { access: 'admin', space: 'own', audit: 'token.create' },
      schema: {
        tags,
        summary: 'Make a token; only this response holds it',
        body: CreateTokenBody,
        response: { 201: CreateTokenReply },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { name, role, expiresInDays = DAYS } = request.body
      const { space = isServerAdmin(caller) ? EVERY_SPACE : caller.space } = request.body
      checkMayGrant(caller, space)
      const isFirst = caller.kind === 'open' && settingsTokens.list().length === 0
      if (isFirst && (role !== 'admin' || space !== EVERY_SPACE)) {
        throw new AppError('REQUEST_INVALID', {
          message: 'The first token must be of an admin of every space, who can make the others.',
        })
      }
      const isThere = space === EVERY_SPACE || space === DEFAULT_SPACE
      if (!isThere && (await store.spaces.find(space)) === null) {
        throw new AppError('REQUEST_INVALID', { message: `There is no space "${space}".` })
      }
      const token = newSecretToken()
      const stored = await store.tokens.add({
        name,
        role,
        space,
        hash: hashToken(token),
        createdBy: caller.name === '' ? null : caller.name,
        expiresAtMs: expiresInDays === null ? null : Date.now() + expiresInDays * DAY_MS,
      })
      request.auditNote = { object: stored.id, details: { name, role, space } }
      return reply.code(201).send({ token, summary: presentToken(stored) })
    },
  )
}

function revokeRoute(app: App, { store }: ServerNeeds): void {
  app.delete(
    '/api/v1/tokens/:id',
    {
      config: { access: 'admin', space: 'own', audit: 'token.revoke', errors: ['TOKEN_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Revoke a token: it and the sessions behind it end at once',
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const token = await store.tokens.find(id)
      const { space } = scopeOf(callerOf(request))
      if (token === null || (space !== undefined && token.space !== space)) {
        throw new AppError('TOKEN_NOT_FOUND')
      }
      await store.tokens.revoke(id)
      request.auditNote = { details: { name: token.name } }
      return reply.code(204).send(null)
    },
  )
}

/** An admin of every space sees all tokens, others those of their space. */
function scopeOf(caller: Caller): { readonly space?: string } {
  return isServerAdmin(caller) ? {} : { space: caller.space }
}

function checkMayGrant(caller: Caller, space: string): void {
  if (isServerAdmin(caller) || space === caller.space) return
  throw new AppError('FORBIDDEN', {
    message: `You may make tokens for the space ${caller.space} only.`,
  })
}
