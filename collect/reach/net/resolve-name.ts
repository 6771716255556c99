import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'

/** Resolves a name to all its addresses. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/**
 * Node resolves names in the four threads that also write files: a name server that does not answer must not occupy
 * all of them.
 */
const LOOKUPS_MAX = 2

/** Concurrent lookups of one name share one request, and only a few names are resolved at a time. */
export function boundedResolve(resolve: Resolve, lookupsMax = LOOKUPS_MAX): Resolve {
  const asked = new Map<string, Promise<readonly LookupAddress[]>>()
  const waiting: (() => void)[] = []
  let runningCount = 0
  const run = async (host: string) => {
    if (runningCount >= lookupsMax) await new Promise<void>((go) => waiting.push(go))
    else runningCount++
    try {
      return await resolve(host)
    } finally {
      // The first waiting lookup takes the slot.
      const next = waiting.shift()
      if (next === undefined) runningCount--
      else next()
    }
  }
  return (host) => {
    const known = asked.get(host)
    if (known !== undefined) return known
    const found = run(host).finally(() => asked.delete(host))
    asked.set(host, found)
    return found
  }
}

/** As other programs of this machine do, including `/etc/hosts` and search domains. */
export const resolveBySystem: Resolve = boundedResolve((host) => lookup(host, { all: true }))
