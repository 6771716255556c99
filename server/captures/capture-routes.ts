import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AppError,
  CaptureReply,
  CaptureFacets,
  CaptureFacetsQuery,
  ListCapturesQuery,
  ListCapturesReply,
  NearestCapturesReply,
  Report,
  ReportQuery,
  spanOfQuery,
} from '../../api/index.ts'
import type { CaptureFilter, MatchedCapture, StoredCapture } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { captureEventRoutes } from './capture-event-routes.ts'
import { captureFileRoutes } from './capture-file-routes.ts'
import { CaptureParams, findCapture } from './find-capture.ts'
import { captureLinksOf, presentCapture } from './present-capture.ts'
import { labelsOf } from '../http/labels-of.ts'
import { REPORT_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const tags = ['captures']

/** Routes that read, cancel and delete captures. Uploads: capture-upload-routes.ts. */
export function captureRoutes(app: App, needs: ServerNeeds): void {
  readingRoutes(app, needs)
  nearestRoute(app, needs)
  changingRoutes(app, needs)
  pinRoutes(app, needs)
  captureFileRoutes(app, needs)
  captureEventRoutes(app, needs)
}

function readingRoutes(app: App, needs: ServerNeeds): void {
  const config = { access: 'viewer', space: 'own' } as const
  app.get(
    '/api/v1/captures',
    {
      config,
      schema: {
        tags,
        summary: 'Captures, newest first',
        querystring: ListCapturesQuery,
        response: { 200: ListCapturesReply },
      },
    },
    async (request) => {
      const { limit = 50, cursor = null } = request.query
      const page = await spaceOf(request, needs).captures.list(filterOf(request.query), {
        limit,
        cursor,
      })
      return { items: page.items.map(presentCapture), nextCursor: page.nextCursor }
    },
  )
  app.get(
    '/api/v1/captures/facets',
    {
      config,
      schema: {
        tags,
        summary: 'How many of the newest 10,000 captures have each value of a filter',
        querystring: CaptureFacetsQuery,
        response: { 200: CaptureFacets },
      },
    },
    (request) => spaceOf(request, needs).captures.facets(filterOf(request.query)),
  )
  app.get(
    '/api/v1/captures/:id',
    {
      config: { ...config, errors: ['CAPTURE_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One capture: status, parts and worst finding',
        params: CaptureParams,
        response: { 200: CaptureReply },
      },
    },
    async (request) =>
      replyOf(needs, await findCapture(spaceOf(request, needs), request.params.id)),
  )
  app.get(
    '/api/v1/captures/:id/report',
    {
      config: { ...config, errors: REPORT_ERRORS },
      schema: {
        tags,
        summary: 'Findings from all profiles, metrics and logs of the capture',
        params: CaptureParams,
        querystring: ReportQuery,
        response: { 200: Report },
      },
    },
    async (request) => {
      const { id } = await findCapture(spaceOf(request, needs), request.params.id)
      return needs.captureReporter.reportOf(id, request.query.lang ?? 'en')
    },
  )
}

function nearestRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/captures/:id/nearest',
    {
      config: { access: 'viewer', space: 'own', errors: ['CAPTURE_NOT_FOUND'] },
      schema: {
        tags,
        summary:
          'What to compare a capture with: those taken before and after it, of the same process',
        params: CaptureParams,
        response: { 200: NearestCapturesReply },
      },
    },
    async (request) => {
      const store = spaceOf(request, needs)
      const { id } = await findCapture(store, request.params.id)
      const { before, after } = await store.captures.nearest(id)
      return { before: presentMatch(before), after: presentMatch(after) }
    },
  )
}

function changingRoutes(app: App, needs: ServerNeeds): void {
  app.delete(
    '/api/v1/captures/:id',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'capture.delete',
        errors: ['CAPTURE_NOT_FOUND', 'CAPTURE_IN_USE'],
      },
      schema: {
        tags,
        summary: 'Delete a capture with its profiles and files',
        params: CaptureParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const removed = await spaceOf(request, needs).captures.remove(request.params.id)
      if (removed === null) throw new AppError('CAPTURE_NOT_FOUND')
      if (removed === 'shared') throw new AppError('CAPTURE_IN_USE')
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/api/v1/captures/:id/cancel',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'capture.cancel',
        errors: ['CAPTURE_NOT_FOUND', 'CAPTURE_FINISHED'],
      },
      schema: {
        tags,
        summary: 'Cancel a capture: the parts taken so far are kept',
        params: CaptureParams,
        response: { 202: CaptureReply },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const outcome = await spaceOf(request, needs).captures.cancel(id)
      if (outcome === null) throw new AppError('CAPTURE_NOT_FOUND')
      if (outcome === 'finished') throw new AppError('CAPTURE_FINISHED')
      return reply.code(202).send(replyOf(needs, await findCapture(spaceOf(request, needs), id)))
    },
  )
}

function pinRoutes(app: App, needs: ServerNeeds): void {
  const setPinned = async (request: FastifyRequest, id: string, isPinned: boolean) => {
    if (!(await spaceOf(request, needs).captures.setPinned(id, isPinned))) {
      throw new AppError('CAPTURE_NOT_FOUND')
    }
    return replyOf(needs, await findCapture(spaceOf(request, needs), id))
  }
  app.put(
    '/api/v1/captures/:id/pin',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'capture.pin',
        errors: ['CAPTURE_NOT_FOUND'],
      },
      schema: {
        tags,
        summary: 'Pin a capture, so that retention keeps it',
        params: CaptureParams,
        response: { 200: CaptureReply },
      },
    },
    (request) => setPinned(request, request.params.id, true),
  )
  app.delete(
    '/api/v1/captures/:id/pin',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'capture.unpin',
        errors: ['CAPTURE_NOT_FOUND'],
      },
      schema: {
        tags,
        summary: 'Unpin a capture',
        params: CaptureParams,
        response: { 200: CaptureReply },
      },
    },
    (request) => setPinned(request, request.params.id, false),
  )
}

function replyOf({ options }: ServerNeeds, capture: StoredCapture): CaptureReply {
  return {
    capture: presentCapture(capture),
    links: captureLinksOf(capture.id, options.publicUrl),
  }
}

function presentMatch(near: MatchedCapture | null): NearestCapturesReply['before'] {
  return near === null ? null : { match: near.match, capture: presentCapture(near.capture) }
}

function filterOf(query: CaptureFacetsQuery): CaptureFilter {
  const { target, component, instance, cluster, type, status, level } = query
  return {
    ...(target === undefined ? {} : { target }),
    ...(component === undefined ? {} : { component }),
    ...(instance === undefined ? {} : { instance }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(level === undefined ? {} : { level }),
    ...spanOfQuery(query),
    labels: labelsOf(query),
  }
}
