import { randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import {
  AppError,
  CreateLinkBody,
  CreateLinkReply,
  DAY_SECONDS,
  Id,
  ListLinksQuery,
  ListLinksReply,
  showsReport,
  WHOLE_EXPOSURE,
  type LinkSummary,
} from '../../api/index.ts'
import type { SpaceStore } from '../../store/index.ts'
import { hashToken } from '../accounts/secret-token.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { callerOf } from '../accounts/caller.ts'
import { filtersOf } from './link-exposure.ts'
import { presentLink } from './present-link.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const TOKEN_BYTES = 24
const tags = ['links']

/** Links: unguessable addresses of one view, which expire and can be revoked. */
export function linkRoutes(app: App, needs: ServerNeeds): void {
  creationRoute(app, needs)
  listRoute(app, needs)
  revocationRoute(app, needs)
}

function creationRoute(app: App, needs: ServerNeeds): void {
  const { options } = needs
  app.post(
    '/api/v1/links',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'link.create',
        errors: ['PROFILE_NOT_FOUND', 'CAPTURE_NOT_FOUND'],
      },
      schema: {
        tags,
        summary:
          'Share a view of a profile, a capture or a comparison; only this response holds the token',
        body: CreateLinkBody,
        response: { 201: CreateLinkReply },
      },
    },
    async (request, reply) => {
      const { profileId, view, name = null, exposure = WHOLE_EXPOSURE } = request.body
      const { expiresInSeconds = 7 * DAY_SECONDS, captureId = null, beforeId = null } = request.body
      if (exposure.scope === 'view') filtersOf(view)
      await checkSubject(spaceOf(request, needs), request.body)
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const stored = await spaceOf(request, needs).links.add({
        profileId,
        captureId,
        beforeProfileId: beforeId,
        view,
        name,
        createdBy: callerOf(request).name || null,
        exposure,
        tokenHash: hashToken(token),
        expiresAtMs: Date.now() + expiresInSeconds * 1000,
      })
      const link = stored === null ? null : presentLink(stored)
      if (link === null) throw new AppError('PROFILE_NOT_FOUND')
      request.auditNote = { object: link.id, details: { profileId, ...exposure } }
      const origin = options.publicUrl || `${request.protocol}://${request.host}`
      const embed = { url: `${origin}/e/${token}`, origins: options.embedOrigins }
      return reply.code(201).send({
        link,
        token,
        url: `${origin}/s/${token}`,
        embed: options.embedOrigins.length === 0 ? null : embed,
      })
    },
  )
}

function listRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/links',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'The links of a profile, or all, newest first, without their tokens',
        querystring: ListLinksQuery,
        response: { 200: ListLinksReply },
      },
    },
    async (request) => {
      const { profileId, limit = 50, cursor = null } = request.query
      const page = await spaceOf(request, needs).links.list(
        profileId === undefined ? {} : { profileId },
        { limit, cursor },
      )
      const items = page.items.map(presentLink).filter((link): link is LinkSummary => link !== null)
      return { items, nextCursor: page.nextCursor }
    },
  )
}

function revocationRoute(app: App, needs: ServerNeeds): void {
  app.delete(
    '/api/v1/links/:id',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'link.revoke',
        errors: ['LINK_NOT_FOUND'],
      },
      schema: {
        tags,
        summary: 'Revoke a link: it answers 410 from now on',
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const link = await spaceOf(request, needs).links.revoke(request.params.id)
      if (link === null) throw new AppError('LINK_NOT_FOUND')
      return reply.code(204).send(null)
    },
  )
}

/** A capture is shared as a whole, with one of its profiles. Throws REQUEST_INVALID and CAPTURE_NOT_FOUND. */
async function checkSubject(
  { profiles }: SpaceStore,
  { profileId, captureId, beforeId, exposure = WHOLE_EXPOSURE }: CreateLinkBody,
): Promise<void> {
  if (captureId === undefined) return
  if (beforeId !== undefined || !showsReport(exposure)) {
    throw new AppError('REQUEST_INVALID', {
      message: 'A link to a capture shows the whole of it, and no comparison.',
      details: { name: 'captureId' },
    })
  }
  const profile = await profiles.find(profileId)
  if (profile?.captureId !== captureId) throw new AppError('CAPTURE_NOT_FOUND')
}
