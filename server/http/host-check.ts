import type { FastifyRequest } from 'fastify'
import { isIP } from 'node:net'
import { AppError } from '../../api/index.ts'
import type { ServerOptions } from '../options.ts'

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

/** Accepts every host name, in `server.allowedHosts`. */
const ANY_HOST = '*'

/**
 * Refuses requests with unknown host names, so that a web page that resolves its own name to this
 * server (DNS rebinding) reads nothing. IP addresses cannot be rebound: where the server listens
 * beyond loopback, they are accepted.
 */
export function makeHostCheck(options: ServerOptions): (request: FastifyRequest) => void {
  const isAny = options.allowedHosts.includes(ANY_HOST)
  const allowed = new Set([...LOOPBACK_NAMES, ...options.allowedHosts.map(lowerCase)])
  allowed.add(options.host.includes(':') ? `[${options.host}]` : lowerCase(options.host))
  if (options.publicUrl !== '') allowed.add(new URL(options.publicUrl).hostname)
  const takesAddresses = !isLoopback(options.host)
  return (request) => {
    if (countOf(request, 'host') > 1) {
      throw new AppError('REQUEST_INVALID', { message: 'The request has several Host headers.' })
    }
    if (isAny) return
    const name = hostName(request.headers.host ?? '')
    const isAccepted = allowed.has(name) || isLoopback(name) || (takesAddresses && isAddress(name))
    if (!isAccepted) throw new AppError('HOST_NOT_ALLOWED')
  }
}

/** Node keeps the first of several Host headers, and a proxy may have read another. */
function countOf({ raw }: FastifyRequest, header: string): number {
  return raw.rawHeaders.filter((name, index) => index % 2 === 0 && lowerCase(name) === header)
    .length
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0
}

/** Refuses changes requested by pages of other sites. Programs send neither header and pass. */
export function checkSameSite(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new AppError('CROSS_SITE')
    return
  }
  const { origin, host } = request.headers
  if (origin !== undefined && hostOf(origin) !== host) throw new AppError('CROSS_SITE')
}

function hostName(host: string): string {
  return lowerCase(host.replace(/:\d*$/, '')).replace(/\.$/, '')
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
