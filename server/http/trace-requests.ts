import { NO_TRACER, type Tracer } from '../../collect/index.ts'
import type { App } from './app.ts'

/** Makes each request a span, of the trace of its sender if it names one. Names of routes, not addresses, are recorded. */
export function traceRequests(app: App, tracer: Tracer): void {
  if (tracer === NO_TRACER) return
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)')
    const attributes = { 'http.request.method': request.method, 'http.route': route }
    const { traceparent } = request.headers
    const start = typeof traceparent === 'string' ? { attributes, traceparent } : { attributes }
    void tracer.span(`${request.method} ${route}`, start, (addAttributes) => {
      const answered = new Promise<void>((resolve) => {
        reply.raw.once('close', () => {
          addAttributes({ 'http.response.status_code': reply.statusCode })
          resolve()
        })
      })
      // What follows is part of the span.
      done()
      return answered
    })
  })
}
