import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../api/index.ts'
import { replyWithError } from './error-replies.ts'
import { sendPage } from './web-routes.ts'

/** A route as registered. */
export interface RegisteredRoute {
  readonly method: string
  /** Its path, with the names of its parameters: `/a/:id`. */
  readonly url: string
  readonly config: () => object
}

/** Fastify knows more methods than there are routes for, and would ask some for a body first. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']

/** A path that has routes for other methods. */
interface KnownPath {
  readonly pattern: RegExp
  readonly method: string
}

/** Turns a route's path into a pattern: `/a/:id` matches `/a/1`. */
function knownPath({ url, method }: RegisteredRoute): KnownPath {
  const source = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)))
  return { pattern: new RegExp(`^${source.join('/')}$`), method }
}

/** The methods that the routes of a path have, each once. */
export type MethodsAt = (path: string) => readonly string[]

export function openMethods(routes: readonly RegisteredRoute[]): MethodsAt {
  let known: readonly KnownPath[] | null = null
  return (path) => {
    // Routes are complete once requests arrive.
    known ??= routes.filter(({ url }) => !url.includes('*')).map(knownPath)
    const own = routes.filter(({ url }) => url === path)
    const fitting = own.length > 0 ? own : known.filter(({ pattern }) => pattern.test(path))
    return [...new Set(fitting.map(({ method }) => method))]
  }
}

/**
 * A path with a name of its own (`/a/reload`) also fits the pattern of another (`/a/:name`), for the methods of that.
 * Throws METHOD_NOT_ALLOWED, so that its name is taken for no parameter.
 */
export function checkMethod(
  { method, url, routeOptions }: FastifyRequest,
  methodsAt: MethodsAt,
): void {
  const path = pathOf(url)
  const isKnown = METHODS.includes(method)
  if (isKnown && (routeOptions.url?.includes(':') !== true || routeOptions.url === path)) return
  const allow = methodsAt(path)
  if (allow.length === 0 || allow.includes(method)) return
  throw new AppError('METHOD_NOT_ALLOWED', { details: { allow } })
}

/** Answers requests without a route: 405 for a known path, a page for browsers, else 404 in the one error shape. */
export function makeNotFoundReply(methodsAt: MethodsAt, webDirectory: string) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request.url)
    const allow = methodsAt(path)
    if (allow.length > 0 && !allow.includes(request.method)) {
      return replyWithError(
        new AppError('METHOD_NOT_ALLOWED', { details: { allow } }),
        request,
        reply,
      )
    }
    if (isForBrowser(request, path)) return sendPage(reply.code(404), webDirectory)
    return replyWithError(new AppError('NOT_FOUND'), request, reply)
  }
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? ''
}

function isForBrowser(request: FastifyRequest, path: string): boolean {
  const accepts = request.headers.accept ?? ''
  return request.method === 'GET' && accepts.includes('text/html') && !path.startsWith('/api/')
}

function escaped(part: string): string {
  return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
