import type { TSchema } from 'typebox'
import type { FastifyReply } from 'fastify'
import {
  FlameQuery,
  FlameReply,
  GraphQuery,
  GraphReply,
  PeekQuery,
  PeekReply,
  SvgQuery,
  TagsQuery,
  TagsReply,
  TopQuery,
  TopReply,
  TracesQuery,
  TracesReply,
  TreeQuery,
  TreeReply,
} from '../../api/index.ts'
import type { App } from '../http/app.ts'
import type { ReadScope } from './read-scope.ts'
import { PROFILE_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

/** The routes of the views of one profile. A ViewComputer computes them. */
export function viewRoutes(app: App, needs: ServerNeeds, scope: ReadScope): void {
  tableRoutes(app, needs, scope)
  sampleRoutes(app, needs, scope)
  graphRoutes(app, needs, scope)
  pictureRoutes(app, needs, scope)
}

function tableRoutes(app: App, { views }: ServerNeeds, scope: ReadScope): void {
  const { prefix, find } = scope
  const config = configOf(scope)

  app.get(
    `${prefix}/top`,
    {
      config,
      schema: viewSchema(
        scope,
        'The top functions, by flat or cumulative value',
        TopQuery,
        TopReply,
      ),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.top(profile, request.query, redaction)
    },
  )
  app.get(
    `${prefix}/peek`,
    { config, schema: viewSchema(scope, 'Callers and callees of functions', PeekQuery, PeekReply) },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.peek(profile, request.query, redaction)
    },
  )
  app.get(
    `${prefix}/tree`,
    {
      config,
      schema: viewSchema(
        scope,
        'The largest functions with their callers and callees',
        TreeQuery,
        TreeReply,
      ),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.tree(profile, request.query, redaction)
    },
  )
}

/** What is of samples and not of functions. */
function sampleRoutes(app: App, { views }: ServerNeeds, scope: ReadScope): void {
  const { prefix, find } = scope
  const config = configOf(scope)

  app.get(
    `${prefix}/traces`,
    {
      config,
      schema: viewSchema(
        scope,
        'The largest samples, each with its stack, values and labels',
        TracesQuery,
        TracesReply,
      ),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.traces(profile, request.query, redaction)
    },
  )
  app.get(
    `${prefix}/tags`,
    {
      config,
      schema: viewSchema(scope, 'The sample labels and their shares', TagsQuery, TagsReply),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.tags(profile, request.query, redaction)
    },
  )
}

function graphRoutes(app: App, { views }: ServerNeeds, scope: ReadScope): void {
  const { prefix, find } = scope
  const config = configOf(scope)

  app.get(
    `${prefix}/flame`,
    {
      config,
      schema: viewSchema(
        scope,
        'The flame graph, pruned to a drawable size',
        FlameQuery,
        FlameReply,
      ),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.flame(profile, request.query, redaction)
    },
  )
  app.get(
    `${prefix}/graph`,
    {
      config,
      schema: viewSchema(
        scope,
        'The call graph, trimmed as pprof trims it for drawing',
        GraphQuery,
        GraphReply,
      ),
    },
    async (request) => {
      const { profile, redaction } = await find(request)
      return views.graph(profile, request.query, redaction)
    },
  )
}

/** The flame graph for pages of other sites, and for previews. */
function pictureRoutes(app: App, { views }: ServerNeeds, scope: ReadScope): void {
  const { prefix, find } = scope
  const config = configOf(scope)
  const schemaOf = (summary: string) => ({
    tags: [scope.tag],
    summary,
    params: scope.params,
    querystring: SvgQuery,
  })

  app.get(
    `${prefix}/svg`,
    {
      config: { ...config, sends: ['image/svg+xml'] },
      schema: schemaOf('The flame graph as a picture'),
    },
    async (request, reply) => {
      const { profile, redaction } = await find(request)
      const svg = await views.svg(profile, request.query, redaction)
      return sendPicture(reply, 'image/svg+xml; charset=utf-8', svg)
    },
  )
  app.get(
    `${prefix}/png`,
    {
      config: { ...config, sends: ['image/png'] },
      schema: schemaOf('The flame graph as a picture of pixels, for what shows no SVG'),
    },
    async (request, reply) => {
      const { profile, redaction } = await find(request)
      const png = await views.png(profile, request.query, redaction)
      return sendPicture(reply, 'image/png', png)
    },
  )
}

function configOf({ access, errors }: ReadScope) {
  return { access, space: 'own', isView: true, errors: [...errors, ...PROFILE_ERRORS] } as const
}

function viewSchema<Query extends TSchema, Reply extends TSchema>(
  { tag, params }: ReadScope,
  summary: string,
  querystring: Query,
  reply: Reply,
) {
  return {
    tags: [tag],
    summary,
    params,
    querystring,
    response: { 200: reply },
  }
}

/** Other sites may embed the picture; it cannot run scripts there. */
function sendPicture(
  reply: FastifyReply,
  contentType: string,
  picture: string | Uint8Array,
): FastifyReply {
  return reply
    .type(contentType)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .header('cross-origin-resource-policy', 'cross-origin')
    .send(picture)
}
