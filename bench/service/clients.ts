import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { distinctProfiles } from '../inputs/distinct-profiles.ts'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { untilAnalysed } from './analysed-count.ts'
import { startServer } from './start-server.ts'
import { uploadAtRate } from './upload-at-rate.ts'

const CLIENT_COUNT = 150
const STORED_COUNT = 200
const UPLOADS_PER_SECOND = 20
const SECONDS = 15

const agent = new Agent({ keepAlive: true, maxSockets: CLIENT_COUNT })
const Items = Type.Object({ items: Type.Array(Type.Object({ id: Type.String() })) })

/**
 * Uploads while 150 clients ask for views, comparisons and lists as fast as they are answered; one that is refused comes
 * back when the answer says.
 */
export async function benchClients(): Promise<string> {
  const server = await startServer({ env: { KUBEPROF_LOG_LEVEL: 'error' } })
  const count = UPLOADS_PER_SECOND * SECONDS
  const profiles = distinctProfiles(readFileSync(exampleProfile()), STORED_COUNT + count)
  try {
    await uploadAtRate([server.url], profiles.slice(0, STORED_COUNT), UPLOADS_PER_SECOND)
    await untilAnalysed(server.url, STORED_COUNT)
    const clients = startClients(server.url, await queriesOf(server.url))
    const uploads = await uploadAtRate(
      [server.url],
      profiles.slice(STORED_COUNT),
      UPLOADS_PER_SECOND,
    )
    const { answered, refused } = await clients.stop()
    const { median, p95, p99, max } = spreadOf(uploads.timesMs)
    const head = [
      'clients',
      'answers a second',
      'refused a second',
      'uploads a second',
      'uploads refused',
    ]
    return formatTable([
      [...head, 'median ms', 'p95 ms', 'p99 ms', 'max ms'],
      [
        String(CLIENT_COUNT),
        ...[answered, refused].map((one) => (one / SECONDS).toFixed(0)),
        String(UPLOADS_PER_SECOND),
        String(uploads.refusedCount),
        ...[median, p95, p99, max].map(formatMs),
      ],
    ])
  } finally {
    await server.stop()
  }
}

/** Paths that take a decoder, and lists. */
async function queriesOf(url: string): Promise<readonly string[]> {
  const reply = await fetch(`${url}/api/v1/profiles?limit=50`)
  const { items } = Value.Parse(Items, await reply.json())
  return items.flatMap(({ id }, row) => {
    const other = items[(row + 1) % items.length]?.id ?? id
    return [
      ...['flame', 'top', 'svg', 'tree'].map((view) => `/api/v1/profiles/${id}/${view}`),
      `/api/v1/compare?a=${id}&b=${other}`,
      `/api/v1/profiles?limit=50&target=bench-${row}`,
    ]
  })
}

interface Answers {
  readonly answered: number
  readonly refused: number
}

function startClients(
  url: string,
  paths: readonly string[],
): { readonly stop: () => Promise<Answers> } {
  const counts = { answered: 0, refused: 0 }
  const stopping = new AbortController()
  const client = async (_: unknown, row: number) => {
    for (let turn = row; !stopping.signal.aborted; turn += CLIENT_COUNT + 1) {
      const { status, retryAfterSeconds } = await ask(`${url}${paths[turn % paths.length]}`)
      if (status === 200) counts.answered += 1
      else if (status === 429 || status === 503) {
        counts.refused += 1
        await setTimeout(retryAfterSeconds * 1000)
      } else throw new Error(`${paths[turn % paths.length]} was answered with ${status}`)
    }
  }
  const running = Array.from({ length: CLIENT_COUNT }, client)
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
      return counts
    },
  }
}

interface Asked {
  readonly status: number
  readonly retryAfterSeconds: number
}

function ask(url: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent }, (reply) => {
      reply.resume()
      reply.on('end', () => {
        const retryAfterSeconds = Number(reply.headers['retry-after'] ?? 1)
        resolve({ status: reply.statusCode ?? 0, retryAfterSeconds })
      })
      reply.on('error', reject)
    })
    asked.on('error', reject)
  })
}
