import type { TSchema } from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  RangeFlameQuery,
  RangeFlameReply,
  RangeGraphQuery,
  RangeGraphReply,
  RangeLabelsQuery,
  RangeLabelsReply,
  RangeMoversQuery,
  RangeMoversReply,
  RangeOutliersQuery,
  RangeOutliersReply,
  RangePeekQuery,
  RangePeekReply,
  RangeRawQuery,
  RangeRequestsQuery,
  RangeRequestsReply,
  RangeSeriesQuery,
  RangeSeriesReply,
  RangeTopQuery,
  RangeTopReply,
  RangeTreeQuery,
  RangeTreeReply,
  RangeValuesQuery,
  RangeValuesReply,
} from '../../api/index.ts'
import { callerOf } from '../accounts/caller.ts'
import type { App } from '../http/app.ts'
import { sendColumns } from '../http/send-columns.ts'
import { setDownloadHeaders } from '../http/security-headers.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import type { RangeViews } from '../ports/range-computer.ts'

const config = {
  access: 'viewer',
  space: 'own',
  isView: true,
  errors: [
    'SELECTOR_INVALID',
    'RANGE_EMPTY',
    'RANGE_TOO_LARGE',
    'HISTORY_UNAVAILABLE',
    'HISTORY_INCOMPLETE',
  ],
} as const
const perRequestConfig = { ...config, errors: [...config.errors, 'REQUESTS_UNKNOWN'] } as const
const listConfig = { access: 'viewer', space: 'own', errors: ['SELECTOR_INVALID'] } as const
const PREFIX = '/api/v1/range'

/** The routes of ranges of history. A RangeComputer computes them. */
export function rangeRoutes(app: App, { ranges }: ServerNeeds): void {
  const rangesOf = (request: FastifyRequest) => ranges(callerOf(request).space)
  viewRoutes(app, rangesOf)
  columnsRoute(app, rangesOf)
  timeRoutes(app, rangesOf)
  labelRoutes(app, rangesOf)
}

type RangesOf = (request: FastifyRequest) => RangeViews

function viewRoutes(app: App, rangesOf: RangesOf): void {
  app.get(
    `${PREFIX}/top`,
    { config, schema: schemaOf('The top functions of a range', RangeTopQuery, RangeTopReply) },
    async (request) => rangesOf(request).top(request.query),
  )
  app.get(
    `${PREFIX}/flame`,
    { config, schema: schemaOf('The flame graph of a range', RangeFlameQuery, RangeFlameReply) },
    async (request) => rangesOf(request).flame(request.query),
  )
  app.get(
    `${PREFIX}/tree`,
    {
      config,
      schema: schemaOf(
        'The largest functions of a range with their callers and callees',
        RangeTreeQuery,
        RangeTreeReply,
      ),
    },
    async (request) => rangesOf(request).tree(request.query),
  )
  app.get(
    `${PREFIX}/graph`,
    { config, schema: schemaOf('The call graph of a range', RangeGraphQuery, RangeGraphReply) },
    async (request) => rangesOf(request).graph(request.query),
  )
  app.get(
    `${PREFIX}/peek`,
    {
      config,
      schema: schemaOf('Callers and callees of functions', RangePeekQuery, RangePeekReply),
    },
    async (request) => rangesOf(request).peek(request.query),
  )
  app.get(
    `${PREFIX}/raw`,
    {
      config: { ...config, sends: ['application/gzip'] },
      // Without it gzip bytes would be sent as a content encoding, and clients would unpack them.
      compress: false,
      schema: {
        tags: ['ranges'],
        summary: 'The range as one profile: `go tool pprof URL` reads it',
        querystring: RangeRawQuery,
      },
    },
    async (request, reply) => {
      const { query } = request
      const file = await rangesOf(request).raw(query)
      setDownloadHeaders(reply, `range-${query.type}.pb.gz`)
      return sendFile(reply, file)
    },
  )
}

function columnsRoute(app: App, rangesOf: RangesOf): void {
  app.get(
    `${PREFIX}/columns`,
    {
      config: { ...config, sends: ['application/octet-stream'] },
      compress: false,
      schema: {
        tags: ['ranges'],
        summary: 'The range as binary columns, for viewers; values of the label `by` are roots',
        querystring: RangeRawQuery,
      },
    },
    async (request, reply) =>
      sendColumns(request, reply, await rangesOf(request).columns(request.query)),
  )
}

function timeRoutes(app: App, rangesOf: RangesOf): void {
  app.get(
    `${PREFIX}/series`,
    {
      config: perRequestConfig,
      schema: schemaOf(
        'A function, a package, a subsystem or the total over time',
        RangeSeriesQuery,
        RangeSeriesReply,
      ),
    },
    async (request) => rangesOf(request).series(request.query),
  )
  app.get(
    `${PREFIX}/outliers`,
    {
      config: perRequestConfig,
      schema: schemaOf(
        'A function, or the total, compared between the values of a label',
        RangeOutliersQuery,
        RangeOutliersReply,
      ),
    },
    async (request) => rangesOf(request).outliers(request.query),
  )
  app.get(
    `${PREFIX}/movers`,
    {
      config: perRequestConfig,
      schema: schemaOf(
        'The functions that changed most between two times',
        RangeMoversQuery,
        RangeMoversReply,
      ),
    },
    async (request) => rangesOf(request).movers(request.query),
  )
  app.get(
    `${PREFIX}/requests`,
    {
      config: listConfig,
      schema: schemaOf(
        'How many requests the processes served a second, by the metrics of their captures',
        RangeRequestsQuery,
        RangeRequestsReply,
      ),
    },
    async (request) => rangesOf(request).requests(request.query),
  )
}

function labelRoutes(app: App, rangesOf: RangesOf): void {
  app.get(
    `${PREFIX}/labels`,
    {
      config: listConfig,
      schema: schemaOf('The labels to select by', RangeLabelsQuery, RangeLabelsReply),
    },
    async (request) => rangesOf(request).labels(request.query),
  )
  app.get(
    `${PREFIX}/values`,
    {
      config: listConfig,
      schema: schemaOf('The values of a label', RangeValuesQuery, RangeValuesReply),
    },
    async (request) => rangesOf(request).values(request.query),
  )
}

function schemaOf<Query extends TSchema, Reply extends TSchema>(
  summary: string,
  querystring: Query,
  reply: Reply,
) {
  return {
    tags: ['ranges'],
    summary,
    description:
      'Over the profiles of one `type` whose labels fit the selector `q`, in the last hour or from `from` to `to`. ' +
      'Intervals add up, snapshots are averaged within a process and added over processes, cumulative values show ' +
      'their growth.',
    querystring,
    response: { 200: reply },
  }
}

function sendFile(reply: FastifyReply, file: Uint8Array): FastifyReply {
  return reply.type('application/gzip').send(file)
}
