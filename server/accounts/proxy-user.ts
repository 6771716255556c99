import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { BlockList, isIPv6 } from 'node:net'
import type { AccountsOptions } from '../accounts-options.ts'
import type { ServerOptions } from '../options.ts'

/** Carries the secret that a proxy shares with the server. */
export const PROXY_SECRET_HEADER = 'kubeprof-proxy-secret'
const GROUPS_MAX = 200

/** A user whom a proxy in front of the server has identified. */
export interface ProxyUser {
  readonly name: string
  readonly groups: readonly string[]
}

type ProxyOptions = Pick<AccountsOptions, 'proxySecret' | 'proxyUserHeader' | 'proxyGroupsHeader'>

/**
 * Reads the user from the headers of a proxy: only from its addresses (`server.trustedProxies`),
 * and only with the shared secret, since other programs of its host have the same address.
 */
export function makeProxyUserFinder(
  options: ProxyOptions,
  { trustedProxies }: Pick<ServerOptions, 'trustedProxies'>,
): (request: FastifyRequest) => ProxyUser | null {
  if (options.proxySecret === '') return () => null
  const trusted = addressList(trustedProxies)
  const wanted = digest(options.proxySecret)
  return (request) => {
    const address = request.socket.remoteAddress ?? ''
    if (!trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return null
    const secret = textOf(request, PROXY_SECRET_HEADER)
    if (!timingSafeEqual(digest(secret), wanted)) return null
    const name = textOf(request, options.proxyUserHeader.toLowerCase())
    if (name === '') return null
    const groups = textOf(request, options.proxyGroupsHeader.toLowerCase()).split(',')
    const named = groups.map((group) => group.trim()).filter((group) => group !== '')
    return { name: name.slice(0, 255), groups: named.slice(0, GROUPS_MAX) }
  }
}

function textOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
