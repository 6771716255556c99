import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AppError,
  type ExportFormat,
  ExportQuery,
  Id,
  ProfileFacets,
  ProfileFacetsQuery,
  ListProfilesQuery,
  ListProfilesReply,
  NearestProfilesReply,
  ProfileReply,
  spanOfQuery,
  textAt,
} from '../../api/index.ts'
import type { MatchedProfile, ProfileFilter, StoredProfile } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { nearestProfiles } from './nearest-profiles.ts'
import { linksOf, presentProfile } from './present-profile.ts'
import { readRoutes } from './read-routes.ts'
import { labelsOf } from '../http/labels-of.ts'
import { NOT_MODIFIED, sendBlob } from '../http/send-blob.ts'
import { setDownloadHeaders } from '../http/security-headers.ts'
import { BLOB_ERRORS, PROFILE_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const IdParams = Type.Object({ id: Id })
const tags = ['profiles']

export function profileRoutes(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/profiles',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'Profiles, newest first',
        querystring: ListProfilesQuery,
        response: { 200: ListProfilesReply },
      },
    },
    async (request) => {
      const { limit = 50, cursor = null } = request.query
      const { profiles } = spaceOf(request, needs)
      const page = await profiles.list(filterOf(request.query), { limit, cursor })
      return { items: page.items.map(presentProfile), nextCursor: page.nextCursor }
    },
  )
  app.get(
    '/api/v1/profiles/facets',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'How many of the newest 10,000 profiles have each value of a filter',
        querystring: ProfileFacetsQuery,
        response: { 200: ProfileFacets },
      },
    },
    (request) => spaceOf(request, needs).profiles.facets(filterOf(request.query)),
  )
  app.get(
    '/api/v1/profiles/:id',
    {
      config: { access: 'viewer', space: 'own', errors: ['PROFILE_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One profile: source, status and totals',
        params: IdParams,
        response: { 200: ProfileReply },
      },
    },
    (request) => replyOf(needs, request, request.params.id),
  )
  nearestRoute(app, needs)
  pinRoutes(app, needs)
  deleteRoute(app, needs)
  rawRoute(app, needs)
  exportRoute(app, needs)
  readRoutes(app, needs, {
    prefix: '/api/v1/profiles/:id',
    params: IdParams,
    access: 'viewer',
    errors: ['PROFILE_NOT_FOUND'],
    tag: 'profiles',
    find: async (request) => ({
      profile: await findProfile(needs, request, textAt(request.params, 'id') ?? ''),
      redaction: null,
      hasReport: true,
    }),
  })
}

function nearestRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/profiles/:id/nearest',
    {
      config: { access: 'viewer', space: 'own', errors: ['PROFILE_NOT_FOUND'] },
      schema: {
        tags,
        summary:
          'What to compare a profile with: those of its type taken before and after it, of the same process',
        params: IdParams,
        response: { 200: NearestProfilesReply },
      },
    },
    async (request) => {
      const profile = await findProfile(needs, request, request.params.id)
      const { before, after } = await nearestProfiles(spaceOf(request, needs), profile)
      return { before: presentMatch(before), after: presentMatch(after) }
    },
  )
}

function presentMatch(near: MatchedProfile | null): NearestProfilesReply['before'] {
  return near === null ? null : { match: near.match, profile: presentProfile(near.profile) }
}

async function replyOf(
  needs: ServerNeeds,
  request: FastifyRequest,
  id: string,
): Promise<ProfileReply> {
  const profile = await findProfile(needs, request, id)
  return {
    profile: presentProfile(profile),
    links: linksOf(profile.id, needs.options.publicUrl),
  }
}

function pinRoutes(app: App, needs: ServerNeeds): void {
  const setPinned = async (request: FastifyRequest, id: string, isPinned: boolean) => {
    if (!(await spaceOf(request, needs).profiles.setPinned(id, isPinned))) {
      throw new AppError('PROFILE_NOT_FOUND')
    }
    return replyOf(needs, request, id)
  }
  app.put(
    '/api/v1/profiles/:id/pin',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'profile.pin',
        errors: ['PROFILE_NOT_FOUND'],
      },
      schema: {
        tags,
        summary: 'Pin a profile, so that retention keeps it and the capture it is of',
        params: IdParams,
        response: { 200: ProfileReply },
      },
    },
    (request) => setPinned(request, request.params.id, true),
  )
  app.delete(
    '/api/v1/profiles/:id/pin',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'profile.unpin',
        errors: ['PROFILE_NOT_FOUND'],
      },
      schema: {
        tags,
        summary: 'Unpin a profile',
        params: IdParams,
        response: { 200: ProfileReply },
      },
    },
    (request) => setPinned(request, request.params.id, false),
  )
}

function deleteRoute(app: App, needs: ServerNeeds): void {
  app.delete(
    '/api/v1/profiles/:id',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'profile.delete',
        errors: ['PROFILE_NOT_FOUND', 'PROFILE_IN_USE'],
      },
      schema: {
        tags,
        summary: 'Delete a profile; links to it answer 410 from now on',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (!(await spaceOf(request, needs).profiles.remove(request.params.id)))
        throw new AppError('PROFILE_NOT_FOUND')
      return reply.code(204).send(null)
    },
  )
}

function rawRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/profiles/:id/raw',
    {
      config: {
        sends: ['application/octet-stream'],
        access: 'viewer',
        space: 'own',
        errors: ['PROFILE_NOT_FOUND', ...BLOB_ERRORS],
      },
      // Without it gzip bytes would be sent as a content encoding, and clients would unpack them.
      compress: false,
      schema: {
        tags,
        summary: 'The original bytes: `go tool pprof URL` reads them',
        params: IdParams,
        response: NOT_MODIFIED,
      },
    },
    async (request, reply) => {
      const profile = await findProfile(needs, request, request.params.id)
      setDownloadHeaders(reply, `${profile.type ?? 'profile'}-${profile.id}.pb.gz`)
      return sendBlob(request, reply, needs, {
        key: profile.rawBlobKey,
        sizeBytes: profile.sizeBytes,
        cacheControl: 'private, no-store',
      })
    },
  )
}

const EXPORT_FILES = {
  // As octet-stream it would be compressed again.
  pprof: { suffix: 'pb.gz', contentType: 'application/gzip' },
  folded: { suffix: 'folded.txt', contentType: 'text/plain; charset=utf-8' },
  speedscope: { suffix: 'speedscope.json', contentType: 'application/json; charset=utf-8' },
  json: { suffix: 'json', contentType: 'application/json; charset=utf-8' },
  csv: { suffix: 'csv', contentType: 'text/csv; charset=utf-8' },
} as const satisfies Readonly<Record<ExportFormat, unknown>>

const EXPORT_TYPES: readonly string[] = [
  ...new Set(Object.values(EXPORT_FILES).map(({ contentType }) => contentType.replace(/;.*/, ''))),
]

function exportRoute(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/profiles/:id/export',
    {
      config: {
        sends: EXPORT_TYPES,
        access: 'viewer',
        space: 'own',
        isView: true,
        errors: ['PROFILE_NOT_FOUND', ...PROFILE_ERRORS],
      },
      schema: {
        tags,
        summary: 'The filtered profile as a file for other tools',
        params: IdParams,
        querystring: ExportQuery,
      },
    },
    async (request, reply) => {
      const profile = await findProfile(needs, request, request.params.id)
      const { suffix, contentType } = EXPORT_FILES[request.query.format]
      const file = await needs.views.export(profile, request.query)
      setDownloadHeaders(reply, `${profile.type ?? 'profile'}-${profile.id}.${suffix}`)
      return sendFile(reply, contentType, file)
    },
  )
}

function sendFile(reply: FastifyReply, contentType: string, file: Uint8Array): FastifyReply {
  return reply.type(contentType).send(file)
}

async function findProfile(
  needs: ServerNeeds,
  request: FastifyRequest,
  id: string,
): Promise<StoredProfile> {
  const profile = await spaceOf(request, needs).profiles.find(id)
  if (profile === null) throw new AppError('PROFILE_NOT_FOUND')
  return profile
}

function filterOf(query: ProfileFacetsQuery): ProfileFilter {
  const { target, component, instance, cluster, type, status, level, alone } = query
  return {
    ...(target === undefined ? {} : { target }),
    ...(component === undefined ? {} : { component }),
    ...(instance === undefined ? {} : { instance }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(level === undefined ? {} : { level }),
    ...(alone === undefined ? {} : { isAlone: true as const }),
    ...spanOfQuery(query),
    labels: labelsOf(query),
  }
}
