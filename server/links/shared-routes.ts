import { Type } from 'typebox'
import {
  AppError,
  type AppErrorOptions,
  Report,
  ReportQuery,
  SharedReply,
  showsReport,
  textAt,
} from '../../api/index.ts'
import type { StoredCapture, StoredLink, StoredProfile } from '../../store/index.ts'
import { hashToken } from '../accounts/secret-token.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Gate } from '../accounts/gate.ts'
import type { Metrics } from '../http/metrics.ts'
import type { App } from '../http/app.ts'
import { allowFraming } from '../http/security-headers.ts'
import { formatTime, presentProfile } from '../profiles/present-profile.ts'
import { servedRequests } from '../profiles/served-requests.ts'
import { readRoutes } from '../profiles/read-routes.ts'
import { REPORT_ERRORS, ROW_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { presentCapture } from '../captures/present-capture.ts'
import { exposedProfile, redactionOf, shownView } from './link-exposure.ts'
import { openPreviews } from './previews.ts'
import { shareHead } from './share-head.ts'
import { sendPage } from '../http/web-routes.ts'

const TokenParams = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) })
const LINK_ERRORS = ['LINK_NOT_FOUND', 'LINK_GONE', 'RATE_LIMITED', ...ROW_ERRORS] as const
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
        config: { access: 'public', errors: LINK_ERRORS },
        schema: {
          tags: ['links'],
          summary: 'The profile and view of a link',
          params: TokenParams,
          response: { 200: SharedReply },
        },
      },
      async (request) => {
        const { link, profile, before, capture } = await openLink(
          needs,
          request,
          request.params.token,
        )
        const served = { ranges: needs.ranges, captures: needs.store.captures }
        // A full disk is no reason to show nothing.
        await needs.store.links.countView(link.id).catch(() => undefined)
        return {
          view: shownView(link),
          expiresAt: formatTime(link.expiresAtMs),
          profile: exposedProfile(presentProfile(profile), link),
          before: before === null ? null : exposedProfile(presentProfile(before), link),
          requests: {
            before: await servedRequests(served, before),
            after: before === null ? null : await servedRequests(served, profile),
          },
          capture: capture === null ? null : presentCapture(capture),
          exposure: link.exposure,
        }
      },
    )
    profileRoutes(scope, needs, 'profile')
    profileRoutes(scope, needs, 'before')
    captureReportRoute(scope, needs)
    pageRoutes(scope, needs)
  })
}

/** What is below the profile of a link, or below the one that it is compared with. */
function profileRoutes(scope: App, needs: SharedNeeds, which: 'profile' | 'before'): void {
  readRoutes(scope, needs, {
    prefix: which === 'before' ? '/api/v1/shared/:token/before' : '/api/v1/shared/:token',
    params: TokenParams,
    access: 'public',
    errors: [...LINK_ERRORS, 'NOT_SHARED'],
    tag: 'links',
    find: async (request) => {
      const token = textAt(request.params, 'token') ?? ''
      const { link, [which]: profile } = await openLink(needs, request, token)
      if (profile === null) throw new AppError('NOT_SHARED')
      return { profile, redaction: redactionOf(link), hasReport: showsReport(link.exposure) }
    },
  })
}

function captureReportRoute(scope: App, needs: SharedNeeds): void {
  scope.get(
    '/api/v1/shared/:token/capture-report',
    {
      config: { access: 'public', errors: [...LINK_ERRORS, 'NOT_SHARED', ...REPORT_ERRORS] },
      schema: {
        tags: ['links'],
        summary: 'Findings of the capture of a link',
        params: TokenParams,
        querystring: ReportQuery,
        response: { 200: Report },
      },
    },
    async (request) => {
      const { capture } = await openLink(needs, request, request.params.token)
      if (capture === null) throw new AppError('NOT_SHARED')
      return needs.captureReporter.reportOf(capture.id, request.query.lang ?? 'en')
    },
  )
}

/** The page of a link with its metadata, the same page for frames, and its preview picture. */
function pageRoutes(scope: App, needs: SharedNeeds): void {
  const { embedOrigins } = needs.options
  const schema = { params: TokenParams, hide: true }
  const config = { access: 'public' } as const
  scope.get('/s/:token', { config, schema }, (request, reply) =>
    sendLinkPage(needs, request, { reply, token: request.params.token }),
  )
  if (embedOrigins.length > 0) {
    scope.get('/e/:token', { config, schema }, async (request, reply) => {
      allowFraming(reply, embedOrigins)
      return sendLinkPage(needs, request, { reply, token: request.params.token })
    })
  }
  const view = { config: { ...config, isView: true }, schema }
  const previews = openPreviews(needs)
  scope.get('/s/:token/preview.png', view, async (request, reply) => {
    const { link, profile } = await openLink(needs, request, request.params.token)
    return reply
      .type('image/png')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(await previews.of(link, profile))
  })
}

async function sendLinkPage(
  needs: SharedNeeds,
  request: FastifyRequest,
  { reply, token }: { readonly reply: FastifyReply; readonly token: string },
): Promise<FastifyReply> {
  try {
    const { link, profile } = await openLink(needs, request, token)
    const origin = needs.options.publicUrl || `${request.protocol}://${request.host}`
    const head = shareHead(exposedProfile(presentProfile(profile), link), `${origin}/s/${token}`)
    return sendPage(reply, needs.webDirectory, head)
  } catch (error) {
    if (!isDeadLink(error)) throw error
    return sendPage(reply.code(error.code === 'LINK_GONE' ? 410 : 404), needs.webDirectory)
  }
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
  readonly before: StoredProfile | null
  readonly capture: StoredCapture | null
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
  const before = await findOf(link.beforeProfileId, (id) => store.profiles.find(id))
  const capture = await findOf(link.captureId, (id) => store.captures.find(id))
  if (link.revokedAtMs !== null) throw gone('revoked', 'The link has been revoked.')
  if (link.expiresAtMs <= Date.now()) throw gone('expired', 'The link has expired.')
  await gate.audit.recordOnce(request, {
    action: 'link.open',
    outcome: 'done',
    object: link.id,
    actor: { actor: '', actorKind: 'link' },
  })
  return { link, profile, before, capture }
}

/** `null` for no id. Throws LINK_GONE where what it names is deleted. */
async function findOf<Item>(
  id: string | null,
  find: (id: string) => Promise<Item | null>,
): Promise<Item | null> {
  if (id === null) return null
  const found = await find(id)
  if (found === null) throw gone('deleted', 'What the link shares has been deleted.')
  return found
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
