import { AppError, Report, ReportQuery } from '../../api/index.ts'
import type { App } from '../http/app.ts'
import { bytesOfProfile, stateError } from '../../store/index.ts'
import type { ReadScope } from './read-scope.ts'
import { NOT_MODIFIED, sendBlob } from '../http/send-blob.ts'
import { sendColumns, sendColumnsOnce } from '../http/send-columns.ts'
import { PROFILE_ERRORS, DECODER_ERRORS } from '../http/route-errors.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { viewRoutes } from './view-routes.ts'

/** The report, columns and views of one profile, under its own address and under shared links. */
export function readRoutes(app: App, needs: ServerNeeds, scope: ReadScope): void {
  const { prefix, params, tag, find } = scope
  const config = { access: scope.access, space: 'own' } as const

  app.get(
    `${prefix}/report`,
    {
      config: { ...config, errors: [...scope.errors, ...PROFILE_ERRORS] },
      schema: {
        tags: [tag],
        summary: 'What is wrong, on what evidence, and what to do',
        params,
        querystring: ReportQuery,
        response: { 200: Report },
      },
    },
    async (request) => {
      const { profile, hasReport } = await find(request)
      if (!hasReport) throw new AppError('NOT_SHARED')
      const report = await needs.store.profiles.findReport(profile.id, request.query.lang ?? 'en')
      if (report === null) throw stateError(profile)
      return report
    },
  )
  app.get(
    `${prefix}/columns`,
    {
      config: {
        ...config,
        sends: ['application/octet-stream'],
        errors: [...scope.errors, ...PROFILE_ERRORS, ...DECODER_ERRORS],
      },
      compress: false,
      schema: {
        tags: [tag],
        summary: 'The decoded profile as binary columns, for viewers',
        params,
        response: NOT_MODIFIED,
      },
    },
    async (request, reply) => {
      const { profile, redaction } = await find(request)
      const { key, form } = bytesOfProfile(profile)
      if (redaction !== null) {
        return sendColumns(request, reply, await needs.views.columns(profile, {}, redaction))
      }
      if (form === 'file') {
        return sendColumnsOnce(request, reply, await needs.views.columns(profile, {}))
      }
      return sendBlob(request, reply, needs, {
        key,
        cacheControl: 'private, no-cache',
        isGzip: true,
      })
    },
  )
  viewRoutes(app, needs, scope)
}
