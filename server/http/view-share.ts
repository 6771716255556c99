import { openFairShare } from '../../collect/index.ts'
import type { ServerOptions } from '../options.ts'
import type { App } from './app.ts'
import { callerKey } from './upload-limits.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A view that a decoder computes: how many are under way is limited and shared among callers. */
    isView?: boolean
  }
}

type ViewShareOptions = Pick<ServerOptions, 'viewsInFlightMax'>

/** Shares the views under way among callers, so that one of them cannot keep every decoder busy. Runs once the caller is known. */
export function shareViews(app: App, { viewsInFlightMax }: ViewShareOptions): void {
  const places = openFairShare({ total: viewsInFlightMax, leastShare: 1, what: 'views' })
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isView !== true) return
    const caller = callerKey(request)
    places.take(caller, 1)
    reply.raw.once('close', () => places.give(caller, 1))
  })
}
