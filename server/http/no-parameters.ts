import { Type } from 'typebox'
import type { App } from './app.ts'

const NO_PARAMETERS = Type.Object({}, { additionalProperties: false })

/**
 * Of the API a route without a schema of its query takes no parameter, so that a misspelt one is refused. Register before
 * the routes. Pages, and what probes and Prometheus read, take any: mailers, chats and settings add their own.
 */
export function refuseUnknownParameters(app: App): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/') || route.schema?.querystring !== undefined) return
    route.schema = { ...route.schema, querystring: NO_PARAMETERS }
  })
}

/** Whether a query has parameters, by its schema. */
export function hasParameters(querystring: unknown): boolean {
  return querystring !== undefined && querystring !== NO_PARAMETERS
}
