import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'

/** Looks a name up: all its addresses. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/**
 * The system looks names up in the threads that also write files, of which there are four: a name server that does not
 * answer must not have them all.
 */
const LOOKUPS_MAX = 2

/** Asks once for a name however many want it at the same time, and for few names at once. */
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
      // Whoever waits takes the place over.
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

/** As programs of this machine do, `/etc/hosts` and search domains included. */
export const resolveBySystem: Resolve = boundedResolve((host) => lookup(host, { all: true }))
