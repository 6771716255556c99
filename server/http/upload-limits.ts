import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { ServerOptions } from '../options.ts'
import { readAtPace } from './read-pace.ts'

const PACE_GRACE_MS = 10_000
const PACE_GRACE_MS_MIN = 2000
/** The pace is raised while room for the caller's uploads is scarcer than this, up to so many times. */
const CALM_SCARCITY = 0.5
const PACE_FACTOR_MAX = 8
const LOCAL_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Whose share of the server a request takes: its token's or user's, else its address's. */
export function callerKey({ caller, ip }: Pick<FastifyRequest, 'caller' | 'ip'>): string {
  return caller === null || caller.kind === 'open'
    ? `address ${ip}`
    : `${caller.kind} ${caller.name}`
}

/**
 * The rate limit of uploads per caller. Programs on the same machine are exempt, unless a proxy is trusted: then every
 * request comes from there.
 */
export function uploadRateLimit({ uploadsPerMinuteMax, trustedProxies }: ServerOptions) {
  return {
    max: uploadsPerMinuteMax,
    timeWindow: 60_000,
    keyGenerator: callerKey,
    allowList: ({ ip }: Pick<FastifyRequest, 'ip'>) =>
      trustedProxies.length === 0 && LOCAL_ADDRESSES.includes(ip),
  }
}

export interface UploadPace {
  readonly options: Pick<ServerOptions, 'uploadBytesPerSecondMin'>
  /** How scarce room for the caller's uploads is: 0 to 1. */
  readonly scarcity: () => number
}

/**
 * The bytes of an upload. Throws REQUEST_TIMEOUT when they arrive too slowly. The more is under way, the faster an
 * upload has to be, so that slow ones cannot fill all places.
 */
export function uploadBytes(
  stream: Readable,
  { options, scarcity }: UploadPace,
): AsyncGenerator<Uint8Array> {
  return readAtPace(stream, () => {
    const pressure = Math.max(0, (scarcity() - CALM_SCARCITY) / (1 - CALM_SCARCITY))
    return {
      bytesPerSecondMin: options.uploadBytesPerSecondMin * (1 + (PACE_FACTOR_MAX - 1) * pressure),
      graceMs: PACE_GRACE_MS - (PACE_GRACE_MS - PACE_GRACE_MS_MIN) * pressure,
    }
  })
}
