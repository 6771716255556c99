import type { FastifyRequest } from 'fastify'
import { AppError } from '../../api/index.ts'
import type { ServerOptions } from '../options.ts'

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

/**
 * Refuses requests with unknown host names. Without tokens this stops a web page that resolves its
 * own name to 127.0.0.1 (DNS rebinding) from reading profiles.
 */
export function makeHostCheck(options: ServerOptions): (request: FastifyRequest) => void {
  const isOpen = options.tokens.length > 0 && options.allowedHosts.length === 0
  const allowed = new Set([...LOOPBACK_NAMES, ...options.allowedHosts.map(lowerCase)])
  allowed.add(options.host.includes(':') ? `[${options.host}]` : lowerCase(options.host))
  if (options.publicUrl !== '') allowed.add(new URL(options.publicUrl).hostname)
  return (request) => {
    if (isOpen) return
    const name = hostName(request.headers.host ?? '')
    if (!allowed.has(name) && !isLoopback(name)) throw new AppError('HOST_NOT_ALLOWED')
  }
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
