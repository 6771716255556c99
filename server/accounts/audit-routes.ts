import { ListAuditQuery, ListAuditReply, spanOfQuery } from '../../api/index.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { callerOf, isServerAdmin } from './caller.ts'
import { presentAuditEntry } from './present-account.ts'

/** The audit log, for admins: of their space, or of all. */
export function auditRoutes(app: App, { store }: ServerNeeds): void {
  app.get(
    '/api/v1/audit',
    {
      config: { access: 'admin', space: 'own' },
      schema: {
        tags: ['accounts'],
        summary: 'The audit log, newest first: who did what to what, from where',
        querystring: ListAuditQuery,
        response: { 200: ListAuditReply },
      },
    },
    async (request) => {
      const { limit = 100, cursor = null, from, to, ...filter } = request.query
      const caller = callerOf(request)
      const page = await store.audit.list(
        {
          ...filter,
          ...spanOfQuery({ from, to }),
          ...(isServerAdmin(caller) ? {} : { space: caller.space }),
        },
        { limit, cursor },
      )
      return { items: page.items.map(presentAuditEntry), nextCursor: page.nextCursor }
    },
  )
}
