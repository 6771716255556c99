import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AcknowledgeFindingBody,
  AppError,
  FindingFacets,
  FindingFacetsQuery,
  FindingQuery,
  FindingReply,
  FindingTrendReply,
  Id,
  type Language,
  ListFindingsQuery,
  ListFindingsReply,
  MuteFindingBody,
} from '../../api/index.ts'
import type { FindingAction, FindingFilter, FindingStore } from '../../store/index.ts'
import { callerOf } from '../accounts/caller.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { presentEvent, presentFinding, presentPoint } from './present-finding.ts'

const tags = ['findings']
const TREND_POINTS_MAX = 500
const Params = Type.Object({ id: Id })

/** Findings followed over captures: open and resolved, and what people do with them. */
export function findingRoutes(app: App, needs: ServerNeeds): void {
  listRoutes(app, needs)
  oneRoute(app, needs)
  actionRoutes(app, needs)
}

function listRoutes(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/findings',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'Findings of all processes, the worst first, then the last seen',
        querystring: ListFindingsQuery,
        response: { 200: ListFindingsReply },
      },
    },
    async (request) => {
      const { lang = 'en', limit = 50, cursor = null, ...filter } = request.query
      const page = await findingsOf(request, needs).list(filterOf(filter), { limit, cursor })
      return {
        items: page.items.map((finding) => presentFinding(finding, lang)),
        nextCursor: page.nextCursor,
      }
    },
  )
  app.get(
    '/api/v1/findings/facets',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'How many findings have each state, level, rule, cluster, component and target',
        querystring: FindingFacetsQuery,
        response: { 200: FindingFacets },
      },
    },
    (request) => findingsOf(request, needs).facets(filterOf(request.query)),
  )
}

function oneRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/findings/:id',
    {
      config: { access: 'viewer', space: 'own', errors: ['FINDING_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One finding and all that happened to it, newest first',
        params: Params,
        querystring: FindingQuery,
        response: { 200: FindingReply },
      },
    },
    (request) => replyOf(needs, request),
  )
  app.get(
    '/api/v1/findings/:id/trend',
    {
      config: { access: 'viewer', space: 'own', errors: ['FINDING_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'What each capture of its process says of one finding, oldest first',
        params: Params,
        response: { 200: FindingTrendReply },
      },
    },
    async (request) => {
      const { id } = request.params
      const findings = findingsOf(request, needs)
      const finding = await findings.find(id)
      if (finding === null) throw new AppError('FINDING_NOT_FOUND')
      const points = await findings.trend(id, TREND_POINTS_MAX + 1)
      return {
        unit: finding.unit,
        isCut: points.length > TREND_POINTS_MAX,
        points: points.slice(-TREND_POINTS_MAX).map(presentPoint),
      }
    },
  )
}

function actionRoutes(app: App, needs: ServerNeeds): void {
  const responses = { 200: FindingReply }
  app.post(
    '/api/v1/findings/:id/acknowledge',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'finding.acknowledge',
        errors: ['FINDING_NOT_FOUND', 'FINDING_RESOLVED'],
      },
      schema: {
        tags,
        summary: 'Acknowledge a finding, until it returns or becomes worse',
        params: Params,
        querystring: FindingQuery,
        body: AcknowledgeFindingBody,
        response: responses,
      },
    },
    (request) => {
      const { note = null } = request.body
      return act(needs, request, { kind: 'acknowledged', note })
    },
  )
  app.post(
    '/api/v1/findings/:id/mute',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'finding.mute',
        errors: ['FINDING_NOT_FOUND', 'FINDING_RESOLVED'],
      },
      schema: {
        tags,
        summary: 'Mute a finding until a time',
        params: Params,
        querystring: FindingQuery,
        body: MuteFindingBody,
        response: responses,
      },
    },
    (request) => {
      const { until, note = null } = request.body
      return act(needs, request, { kind: 'muted', note, untilMs: Date.parse(until) })
    },
  )
  app.post(
    '/api/v1/findings/:id/reopen',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'finding.reopen',
        errors: ['FINDING_NOT_FOUND', 'FINDING_RESOLVED'],
      },
      schema: {
        tags,
        summary: 'Take back an acknowledgement or a mute',
        params: Params,
        querystring: FindingQuery,
        response: responses,
      },
    },
    (request) => act(needs, request, { kind: 'reopened', note: null }),
  )
}

/** A request about one finding. */
type FindingRequest = FastifyRequest<{
  Params: { id: string }
  Querystring: { lang?: Language }
}>

function findingsOf(request: FastifyRequest, needs: ServerNeeds): FindingStore {
  return spaceOf(request, needs).findings
}

type ActionOf = FindingAction extends infer Action
  ? Action extends FindingAction
    ? Omit<Action, 'actor'>
    : never
  : never

async function act(
  needs: ServerNeeds,
  request: FindingRequest,
  action: ActionOf,
): Promise<FindingReply> {
  const { name } = callerOf(request)
  const actor = name === '' ? null : name
  const outcome = await findingsOf(request, needs).act(request.params.id, { ...action, actor })
  if (outcome === 'resolved') throw new AppError('FINDING_RESOLVED')
  return replyOf(needs, request)
}

async function replyOf(needs: ServerNeeds, request: FindingRequest): Promise<FindingReply> {
  const { id } = request.params
  const findings = findingsOf(request, needs)
  const finding = await findings.find(id)
  if (finding === null) throw new AppError('FINDING_NOT_FOUND')
  const events = await findings.listEvents(id)
  const { lang = 'en' } = request.query
  return { finding: presentFinding(finding, lang), events: events.map(presentEvent) }
}

function filterOf(query: FindingFacetsQuery): FindingFilter {
  const { state, level, rule, cluster, component, target, instance, since } = query
  return {
    ...(state === undefined ? {} : { state: [state].flat() }),
    ...(level === undefined ? {} : { level: [level].flat() }),
    ...(rule === undefined ? {} : { rule: [rule].flat() }),
    ...(cluster === undefined ? {} : { cluster: [cluster].flat() }),
    ...(component === undefined ? {} : { component: [component].flat() }),
    ...(target === undefined ? {} : { target: [target].flat() }),
    ...(instance === undefined ? {} : { instance: [instance].flat() }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
  }
}
