const WINDOW_MS = 60_000
const ADDRESSES_MAX = 10_000

/** Counts failures by network address. Only failures count, so that a valid token is never refused. */
export interface FailureThrottle {
  /** Counts one failure. Returns the seconds to wait when there were too many, else `null`. */
  readonly count: (address: string) => number | null
}

interface Failures {
  count: number
  readonly untilMs: number
}

export function makeFailureThrottle(
  failuresPerMinuteMax: number,
  now: () => number = Date.now,
): FailureThrottle {
  const byNetwork = new Map<string, Failures>()

  function failuresOf(network: string): Failures {
    const known = byNetwork.get(network)
    if (known !== undefined && known.untilMs > now()) return known
    byNetwork.delete(network)
    if (byNetwork.size >= ADDRESSES_MAX) dropOldest(byNetwork)
    const fresh = { count: 0, untilMs: now() + WINDOW_MS }
    byNetwork.set(network, fresh)
    return fresh
  }

  return {
    count(address) {
      const failures = failuresOf(networkOf(address))
      failures.count += 1
      if (failures.count <= failuresPerMinuteMax) return null
      return Math.max(1, Math.ceil((failures.untilMs - now()) / 1000))
    },
  }
}

/** A Map keeps the order of insertion, and entries are inserted when their minute begins. */
function dropOldest(byNetwork: Map<string, Failures>): void {
  const [oldest] = byNetwork.keys()
  if (oldest !== undefined) byNetwork.delete(oldest)
}

/** One subscriber has a whole /64 of IPv6 addresses, so those count together. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped !== null) return mapped[1] ?? address
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const front = head.split(':').filter((part) => part !== '')
  const back = (tail ?? '').split(':').filter((part) => part !== '')
  const gap = tail === undefined ? 0 : 8 - front.length - back.length
  const groups = [...front, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...back]
  return `${groups.slice(0, 4).join(':')}::/64`
}
