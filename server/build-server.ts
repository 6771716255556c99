import compress from '@fastify/compress'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController } from 'fastify'
import { AppError } from '../api/index.ts'
import { NO_TRACER } from '../collect/index.ts'
import { auditRoutes } from './accounts/audit-routes.ts'
import { debugRoutes } from './accounts/debug-routes.ts'
import { addGate, openGate } from './accounts/gate.ts'
import { readCookies, sessionRoutes } from './accounts/session-routes.ts'
import { spaceRoutes } from './accounts/space-routes.ts'
import { tokenRoutes } from './accounts/token-routes.ts'
import { apiDocs } from './http/api-docs.ts'
import type { App } from './http/app.ts'
import { replyOnSocket, replyWithError } from './http/error-replies.ts'
import { captureRoutes } from './captures/capture-routes.ts'
import { captureUploadRoutes } from './captures/capture-upload-routes.ts'
import { findingRoutes } from './findings/finding-routes.ts'
import { healthRoutes } from './http/health-routes.ts'
import { checkSameSite, makeHostCheck } from './http/host-check.ts'
import { linkRoutes } from './links/link-routes.ts'
import { makeMetrics, type Metrics } from './http/metrics.ts'
import { rangeRoutes } from './ranges/range-routes.ts'
import { storageRoutes } from './ranges/storage-routes.ts'
import { overTimeRoutes } from './profiles/over-time-routes.ts'
import { profileRoutes } from './profiles/profile-routes.ts'
import { shareViews } from './http/view-share.ts'
import { rulesRoutes } from './rules/rules-routes.ts'
import { compileSchemasLate } from './http/lazy-schemas.ts'
import {
  checkMethod,
  makeNotFoundReply,
  type MethodsAt,
  openMethods,
  type RegisteredRoute,
} from './http/reply-not-found.ts'
import { refuseUnknownParameters } from './http/no-parameters.ts'
import { oidcRoutes } from './sign-in/oidc-routes.ts'
import { setNoStore, setSecurityHeaders } from './http/security-headers.ts'
import type { ServerNeeds } from './http/server-needs.ts'
import { scheduleRoutes } from './targets/schedule-routes.ts'
import { sharedRoutes } from './links/shared-routes.ts'
import { targetRoutes } from './targets/target-routes.ts'
import { traceRoutes } from './captures/trace-routes.ts'
import { uploadRoutes } from './profiles/upload-routes.ts'
import { traceRequests } from './http/trace-requests.ts'
import { webRoutes } from './http/web-routes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, as registered. */
    readonly routeTable: readonly RegisteredRoute[]
  }
}

/** The HTTP server, ready to listen. It holds no state: the caller passes in all it needs. */
export async function buildServer(needs: ServerNeeds): Promise<App> {
  const app = makeApp(needs)
  compileSchemasLate(app)
  const metrics = makeMetrics()
  const routes: RegisteredRoute[] = []
  app.decorate('routeTable', routes)
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      // Hooks of plugins that come later complete the route.
      routes.push({ url: route.url, method, config: () => ({ ...route.config }) })
    }
  })
  refuseUnknownParameters(app)
  const gate = openGate(needs, metrics)
  traceRequests(app, needs.tracer ?? NO_TRACER)
  await readCookies(app)
  const methodsAt = openMethods(routes)
  addChecks(app, needs, methodsAt)
  addGate(app, gate, needs.store)
  shareViews(app, needs.options)
  logRequests(app, metrics)
  app.setErrorHandler(replyWithError)
  app.setNotFoundHandler(makeNotFoundReply(methodsAt, needs.webDirectory))
  await app.register(compress, { encodings: ['gzip'], threshold: 1400, globalDecompression: false })
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) => rateLimited(metrics, ttl),
  })
  await apiDocs(app, needs.version)
  healthRoutes(app, { ...needs, metrics })
  await uploadRoutes(app, { ...needs, metrics })
  profileRoutes(app, needs)
  await captureUploadRoutes(app, { ...needs, metrics })
  captureRoutes(app, needs)
  traceRoutes(app, needs)
  findingRoutes(app, needs)
  overTimeRoutes(app, needs)
  rangeRoutes(app, needs)
  storageRoutes(app, needs)
  targetRoutes(app, needs)
  scheduleRoutes(app, needs)
  linkRoutes(app, needs)
  rulesRoutes(app, needs)
  sessionRoutes(app, needs, gate)
  oidcRoutes(app, needs, gate)
  tokenRoutes(app, needs)
  auditRoutes(app, needs)
  spaceRoutes(app, needs)
  debugRoutes(app, needs)
  await sharedRoutes(app, { ...needs, gate, metrics })
  await webRoutes(app, needs.webDirectory)
  return app
}

function makeApp({ options, logger }: ServerNeeds): App {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: 72_000,
    bodyLimit: 1_048_576,
    forceCloseConnections: 'idle',
    // Its answer has another shape than every error of ours.
    return503OnClosing: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    http: { headersTimeout: options.headersTimeoutMs, connectionsCheckingInterval: 5000 },
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: replyOnSocket,
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(reply, options)
      replyWithError(error, request, reply)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
}

/** The checks before every route: whether the server stops, host name and origin. The gate checks the caller. */
function addChecks(app: App, { options }: ServerNeeds, methodsAt: MethodsAt): void {
  const checkHost = makeHostCheck(options)
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, options)
    if (isClosing) throw new AppError('SHUTTING_DOWN')
    checkHost(request)
    checkSameSite(request)
    checkMethod(request, methodsAt)
  })
  app.addHook('onSend', async (request, reply) => setNoStore(request, reply))
}

/** One line per request, at its end. It names the route and never the path: paths of links hold their token. */
function logRequests(app: App, metrics: Metrics): void {
  app.decorateRequest('errorCode', null)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)')
    const durationMs = reply.elapsedTime
    const fields = { method: request.method, route, status: reply.statusCode }
    metrics.countRequest({ ...fields, durationMs })
    const { caller, errorCode } = request
    const actor = caller === null ? {} : { actor: caller.name, space: caller.space }
    request.log.info(
      {
        ...fields,
        ...(errorCode === null ? {} : { code: errorCode }),
        ...actor,
        durationMs: Math.round(durationMs),
      },
      'request answered',
    )
  })
}

function rateLimited(metrics: Metrics, ttlMs: number): AppError {
  metrics.countRateLimited('requests')
  return new AppError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(ttlMs / 1000) })
}
