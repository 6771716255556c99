import { createGunzip } from 'node:zlib'
import { Type, type TSchema } from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  AppError,
  ErrorReply,
  FlameQuery,
  FlameReply,
  PeekQuery,
  PeekReply,
  Report,
  ReportQuery,
  SvgQuery,
  TagsQuery,
  TagsReply,
  TopQuery,
  TopReply,
} from '../api/index.ts'
import type { StoredProfile } from '../store/index.ts'
import type { Access } from './access.ts'
import type { App } from './app.ts'
import { stateError } from './present-profile.ts'
import type { ServerNeeds } from './server-needs.ts'

/** Under which address the profile is read, and how the address names it. */
export interface ReadScope {
  readonly prefix: string
  readonly params: TSchema
  readonly access: Access
  readonly tag: string
  /** The profile that the path names. Throws when there is none or it may not be read. */
  readonly findProfile: (request: FastifyRequest) => Promise<StoredProfile>
}

const errors = { '4xx': ErrorReply, '5xx': ErrorReply }
const Empty = Type.Object({}, { additionalProperties: false })

/** The report, the columns and the views of one profile, for its own address and for shared links alike. */
export function readRoutes(app: App, needs: ServerNeeds, scope: ReadScope): void {
  const { prefix, params, tag, findProfile } = scope
  const config = { access: scope.access }

  app.get(
    `${prefix}/report`,
    {
      config,
      schema: {
        tags: [tag],
        summary: 'What is wrong, on what evidence, and what to do',
        params,
        querystring: ReportQuery,
        response: { 200: Report, ...errors },
      },
    },
    async (request) => {
      const profile = await findProfile(request)
      const report = await needs.store.profiles.findReport(profile.id, request.query.lang ?? 'en')
      if (report === null) throw stateError(profile) ?? new AppError('PROFILE_NOT_READY')
      return report
    },
  )
  app.get(
    `${prefix}/columns`,
    {
      config,
      compress: false,
      schema: {
        tags: [tag],
        summary: 'The decoded profile as binary columns, for viewers',
        params,
        querystring: Empty,
        response: { ...errors },
      },
    },
    async (request, reply) => {
      const profile = await findProfile(request)
      if (profile.columnsBlobKey === null) {
        throw stateError(profile) ?? new AppError('PROFILE_NOT_READY')
      }
      return sendBlob(request, reply, needs, {
        key: profile.columnsBlobKey,
        cacheControl: 'private, no-cache',
        isGzip: true,
      })
    },
  )
  viewRoutes(app, needs, scope)
}

function viewRoutes(app: App, { views }: ServerNeeds, scope: ReadScope): void {
  const { prefix, params, tag, findProfile } = scope
  const config = { access: scope.access }
  const schemaOf = <Query extends TSchema, Reply extends TSchema>(
    summary: string,
    querystring: Query,
    reply: Reply,
  ) => ({ tags: [tag], summary, params, querystring, response: { 200: reply, ...errors } })

  app.get(
    `${prefix}/top`,
    {
      config,
      schema: schemaOf('The functions with the most, flat or cumulated', TopQuery, TopReply),
    },
    async (request) => {
      const { id } = await findProfile(request)
      return views.computeView(id, { view: 'top', query: request.query })
    },
  )
  app.get(
    `${prefix}/flame`,
    {
      config,
      schema: schemaOf('The flame graph, pruned to a drawable size', FlameQuery, FlameReply),
    },
    async (request) => {
      const { id } = await findProfile(request)
      return views.computeView(id, { view: 'flame', query: request.query })
    },
  )
  app.get(
    `${prefix}/peek`,
    { config, schema: schemaOf('Callers and callees of functions', PeekQuery, PeekReply) },
    async (request) => {
      const { id } = await findProfile(request)
      return views.computeView(id, { view: 'peek', query: request.query })
    },
  )
  app.get(
    `${prefix}/tags`,
    {
      config,
      schema: schemaOf('The labels of the samples and their shares', TagsQuery, TagsReply),
    },
    async (request) => {
      const { id } = await findProfile(request)
      return views.computeView(id, { view: 'tags', query: request.query })
    },
  )
  app.get(
    `${prefix}/svg`,
    { config, schema: schemaOf('The flame graph as a picture', SvgQuery, Type.String()) },
    async (request, reply) => {
      const { id } = await findProfile(request)
      const svg = await views.computeView(id, { view: 'svg', query: request.query })
      return sendSvg(reply, svg)
    },
  )
}

/** A picture may be embedded by other sites' pages, but runs nothing in them. */
export function sendSvg(reply: FastifyReply, svg: string): FastifyReply {
  return reply
    .type('image/svg+xml; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .header('cross-origin-resource-policy', 'cross-origin')
    .send(svg)
}

export interface BlobReply {
  readonly key: string
  /** When known, so that the caller sees how far a download is. */
  readonly sizeBytes?: number
  readonly cacheControl: string
  /** Stored as gzip, of what is asked for: columns are. */
  readonly isGzip?: boolean
}

/** Sends a blob under its key as ETag, or 304 when the caller has it. */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  { store }: Pick<ServerNeeds, 'store'>,
  { key, sizeBytes, cacheControl, isGzip = false }: BlobReply,
): Promise<FastifyReply> {
  const etag = `"${key}"`
  void reply.header('etag', etag).header('cache-control', cacheControl)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const bytes = await store.blobs.stream(key)
  if (bytes === null) throw new AppError('BLOB_MISSING')
  if (sizeBytes !== undefined) void reply.header('content-length', sizeBytes)
  void reply.type('application/octet-stream')
  if (!isGzip) return reply.send(bytes)
  void reply.header('vary', 'accept-encoding')
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return reply.header('content-encoding', 'gzip').send(bytes)
  }
  return reply.send(bytes.compose(createGunzip()))
}
