import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const SOCKETS_MAX = 128
const TARGETS = 100
/** Stored, and stored before. */
const ACCEPTED: ReadonlySet<number> = new Set([201, 200])
/** The server asks to come back later. */
const REFUSALS: ReadonlySet<number> = new Set([429, 503])
const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX })
let uploadCount = 0

export interface Uploads {
  /** How long each that was accepted took in milliseconds, from when it was due. */
  readonly timesMs: readonly number[]
  /** How many were answered with 429 or 503. Nothing sends them again. */
  readonly refusedCount: number
}

/**
 * Uploads so many a second, whatever the answers take, as many collectors together do: a server that answers late is not
 * asked less. Where there are several servers, each gets as many, as a load balancer sees to it.
 */
export async function uploadAtRate(
  urls: readonly string[],
  profiles: readonly Buffer[],
  perSecond: number,
): Promise<Uploads> {
  const startMs = performance.now()
  const uploads: Promise<number | null>[] = []
  for (const [row, profile] of profiles.entries()) {
    const dueMs = startMs + (row * 1000) / perSecond
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) await setTimeout(waitMs)
    const url = urls[row % urls.length] ?? ''
    uploads.push(
      upload(url, profile).then((isAccepted) => (isAccepted ? performance.now() - dueMs : null)),
    )
  }
  const timesMs = (await Promise.all(uploads)).filter((one) => one !== null)
  return { timesMs, refusedCount: uploads.length - timesMs.length }
}

/** Uploads one profile, of one of a hundred processes; false when it was refused for now. */
export function upload(url: string, profile: Buffer): Promise<boolean> {
  return send(url, profile, `bench-${uploadCount++ % TARGETS}`)
}

/**
 * Sends it, and again when the server has closed the kept connection meanwhile. With node:http, because `fetch` would take
 * from the server a good part of the processor time that both share.
 */
function send(url: string, profile: Buffer, target: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const post = request(`${url}/api/v1/profiles?target=${target}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'content-length': profile.length },
    })
    post.on('error', (error) => {
      if (post.reusedSocket) resolve(send(url, profile, target))
      else reject(error)
    })
    post.on('response', (reply) => {
      reply.resume()
      reply.on('end', () => {
        const { statusCode = 0 } = reply
        if (ACCEPTED.has(statusCode) || REFUSALS.has(statusCode)) resolve(ACCEPTED.has(statusCode))
        else reject(new Error(`An upload was answered with ${statusCode}`))
      })
    })
    post.end(profile)
  })
}
