import type { FastifyReply } from 'fastify'
import {
  CompareQuery,
  CompareReply,
  componentsNote,
  MergeQuery,
  MergeReply,
  TrendQuery,
  TrendReply,
} from '../../api/index.ts'
import type { StoredProfile } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { comparedRequests } from './served-requests.ts'
import { findRange, findSide } from './find-over-time.ts'
import { setDownloadHeaders } from '../http/security-headers.ts'
import { PROFILE_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const config = {
  access: 'viewer',
  space: 'own',
  isView: true,
  errors: ['PROFILE_NOT_FOUND', ...PROFILE_ERRORS],
} as const
const tags = ['over time']

/** The routes of views of several profiles. A ViewComputer computes them. */
export function overTimeRoutes(app: App, needs: ServerNeeds): void {
  const { timeViews } = needs
  app.get(
    '/api/v1/compare',
    {
      config: { ...config, errors: [...config.errors, 'REQUESTS_UNKNOWN'] },
      schema: {
        tags,
        summary: 'What grew and shrank between two profiles, or two time ranges of a target',
        description:
          'Interval profiles are compared per second, or as `per` says. A time range of a target is first merged by kind.',
        querystring: CompareQuery,
        response: { 200: CompareReply },
      },
    },
    async (request) => {
      const { query } = request
      const rows = spaceOf(request, needs)
      const a = await findSide(rows, 'a', query)
      const b = await findSide(rows, 'b', query)
      const { per: asked = 'second', ...options } = query
      const requests =
        asked === 'request'
          ? await comparedRequests({ ranges: needs.ranges, captures: rows.captures }, a, b)
          : null
      const per = asked === 'request' ? (requests ?? 'second') : asked
      const compared = await timeViews.compare(a.profiles, b.profiles, { ...options, per })
      const note = componentsNote(componentsOf(a.profiles), componentsOf(b.profiles))
      const notes = note === null ? compared.notes : [note, ...compared.notes]
      return { ...compared, notes, requests: compared.per === 'request' ? requests : null }
    },
  )
  app.get(
    '/api/v1/merge',
    {
      config: { ...config, sends: ['application/gzip'] },
      schema: {
        tags,
        summary: 'The profiles of a target in a time range, merged',
        description:
          'Intervals (CPU) add up, snapshots (heap in use, goroutines) are averaged, and cumulative values ' +
          'show their growth, with restarts detected. `format=pprof` returns the profile itself.',
        querystring: MergeQuery,
        response: { 200: MergeReply },
      },
    },
    async (request, reply) => {
      const { query } = request
      const { profiles } = spaceOf(request, needs)
      const found = await findRange(profiles, query)
      if (query.format === 'pprof') {
        const file = await timeViews.mergeFile(found.profiles, query)
        setDownloadHeaders(reply, `merged-${query.type}.pb.gz`)
        return sendFile(reply, file)
      }
      const merged = await timeViews.merge(found.profiles, query)
      return { ...merged, does: merged.aggregation, isCut: found.isCut }
    },
  )
  trendRoute(app, needs)
}

function componentsOf(profiles: readonly StoredProfile[]) {
  return profiles.map(({ component }) => component)
}

function trendRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/trend',
    {
      config,
      schema: {
        tags,
        summary: 'A function, or the total, over a series of profiles',
        description:
          'Intervals are per second, snapshots unchanged, and cumulative values show their growth ' +
          'per second since the profile before.',
        querystring: TrendQuery,
        response: { 200: TrendReply },
      },
    },
    async (request) => {
      const { query } = request
      const own = spaceOf(request, needs)
      const { profiles: found, isCut } = await findRange(own.profiles, query)
      return { ...(await needs.timeViews.trend(found, query)), isCut }
    },
  )
}

function sendFile(reply: FastifyReply, file: Uint8Array): FastifyReply {
  return reply.type('application/gzip').send(file)
}
