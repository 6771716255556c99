import { Type } from 'typebox'
import {
  AppError,
  type AppErrorOptions,
  SharedReply,
  showsReport,
  textAt,
} from '../../api/index.ts'
import type { StoredLink, StoredProfile } from '../../store/index.ts'
import { hashToken } from '../accounts/secret-token.ts'
import type { FastifyRequest } from 'fastify'
import type { Gate } from '../accounts/gate.ts'
import type { Metrics } from '../http/metrics.ts'
import type { App } from '../http/app.ts'
import { ERROR_RESPONSES } from '../http/error-replies.ts'
import { formatTime, presentProfile } from '../profiles/present-profile.ts'
import { readRoutes } from '../profiles/read-routes.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { exposedProfile, redactionOf, shownView } from './link-exposure.ts'
import { shareHead } from './share-head.ts'
import { sendSvg } from '../profiles/view-routes.ts'
import { sendPage } from '../http/web-routes.ts'

const TokenParams = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) })
const ROBOTS = 'noindex, nofollow'

interface SharedNeeds extends ServerNeeds {
  readonly gate: Pick<Gate, 'audit'>
  readonly metrics: Pick<Metrics, 'countLinkRequest'>
}

/** What the holder of a link may read: one profile in one view. Responses are not cached. */
export async function sharedRoutes(app: App, needs: SharedNeeds): Promise<void> {
  await app.register(async (scope: App) => {
    scope.addHook('onRequest', scope.rateLimit(readLimit(needs)))
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('cache-control', 'private, no-store').header('x-robots-tag', ROBOTS)
    })
    scope.get(
      '/api/v1/shared/:token',
      {
        config: { access: 'public' },
        schema: {
          tags: ['links'],
          summary: 'The profile and view of a link',
          params: TokenParams,
          response: { 200: SharedReply, ...ERROR_RESPONSES },
        },
      },
      async (request) => {
        const { link, profile } = await openLink(needs, request, request.params.token)
        return {
          view: shownView(link),
          expiresAt: formatTime(link.expiresAtMs),
          profile: exposedProfile(presentProfile(profile), link),
          exposure: link.exposure,
        }
      },
    )
    readRoutes(scope, needs, {
      prefix: '/api/v1/shared/:token',
      params: TokenParams,
      access: 'public',
      tag: 'links',
      find: async (request) => {
        const token = textAt(request.params, 'token') ?? ''
        const { link, profile } = await openLink(needs, request, token)
        return { profile, redaction: redactionOf(link), hasReport: showsReport(link.exposure) }
      },
    })
    pageRoutes(scope, needs)
  })
}

/** The page of a link with its metadata, and its preview picture. */
function pageRoutes(scope: App, needs: SharedNeeds): void {
  const schema = { params: TokenParams, hide: true }
  scope.get('/s/:token', { config: { access: 'public' }, schema }, async (request, reply) => {
    const { token } = request.params
    try {
      const { link, profile } = await openLink(needs, request, token)
      const origin = needs.options.publicUrl || `${request.protocol}://${request.host}`
      return sendPage(
        reply,
        needs.webDirectory,
        shareHead(exposedProfile(presentProfile(profile), link), `${origin}/s/${token}`),
      )
    } catch (error) {
      if (!isDeadLink(error)) throw error
      return sendPage(reply.code(error.code === 'LINK_GONE' ? 410 : 404), needs.webDirectory)
    }
  })
  scope.get(
    '/s/:token/preview.svg',
    { config: { access: 'public', isView: true }, schema },
    async (request, reply) => {
      const { link, profile } = await openLink(needs, request, request.params.token)
      const si = new URLSearchParams(shownView(link)).get('si')
      const query = { width: 1200, ...(si === null ? {} : { si }) }
      return sendSvg(reply, await needs.views.svg(profile, query, redactionOf(link)))
    },
  )
}

/** Throws LINK_NOT_FOUND for an unknown token, LINK_GONE for an expired or revoked one. */
async function openLink(
  needs: SharedNeeds,
  request: FastifyRequest,
  token: string,
): Promise<OpenedLink> {
  try {
    const opened = await findLink(needs, request, token)
    needs.metrics.countLinkRequest('opened')
    return opened
  } catch (error) {
    if (isDeadLink(error)) {
      needs.metrics.countLinkRequest(error.code === 'LINK_GONE' ? 'gone' : 'unknown')
    }
    throw error
  }
}

interface OpenedLink {
  readonly link: StoredLink
  readonly profile: StoredProfile
}

async function findLink(
  { store, gate }: SharedNeeds,
  request: FastifyRequest,
  token: string,
): Promise<OpenedLink> {
  const link = await store.links.findByTokenHash(hashToken(token))
  if (link === null) throw new AppError('LINK_NOT_FOUND')
  const profile = link.profileId === null ? null : await store.profiles.find(link.profileId)
  if (profile === null) throw gone('deleted', 'The shared profile has been deleted.')
  if (link.revokedAtMs !== null) throw gone('revoked', 'The link has been revoked.')
  if (link.expiresAtMs <= Date.now()) throw gone('expired', 'The link has expired.')
  await gate.audit.recordOnce(request, {
    action: 'link.open',
    outcome: 'done',
    object: link.id,
    actor: { actor: '', actorKind: 'link' },
  })
  return { link, profile }
}

function gone(reason: string, message: string): AppError {
  const options: AppErrorOptions = { message, details: { reason } }
  return new AppError('LINK_GONE', options)
}

function isDeadLink(error: unknown): error is AppError {
  return (
    error instanceof AppError && (error.code === 'LINK_GONE' || error.code === 'LINK_NOT_FOUND')
  )
}

function readLimit({ options }: ServerNeeds) {
  return { max: options.linkReadsPerMinuteMax, timeWindow: 60_000 }
}
