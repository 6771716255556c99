import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { answerWell } from './fake-process.ts'

/** What one fake process saw. */
export interface FakeRecord {
  /** Times of the first request of each capture: the one for goroutines, which comes first of the profiles. */
  readonly captureTimesMs: number[]
  openCount: number
  /** The most requests at once: more than one is an overlap. */
  openCountMax: number
  /** klog's level, as it was set. */
  verbosity: number | null
  readonly verbosities: number[]
}

/** Many processes behind one port: `/NAME/debug/pprof/...`. */
export interface FakeFleet {
  readonly origin: string
  readonly stop: () => Promise<void>
  readonly url: (name: string) => string
  readonly record: (name: string) => FakeRecord
  readonly records: () => readonly FakeRecord[]
  /** Answers of this process come from here; `null` for the usual ones. */
  readonly answer: (name: string, listener: Listener | null) => void
}

type Listener = (request: IncomingMessage, reply: ServerResponse) => void

export interface FleetOptions {
  /** Each answer takes so long, so that overlaps show. */
  readonly delayMs?: number
  /** False when the caller calls `stop`. */
  readonly untilTestFinished?: boolean
}

/** Serves until the test is over, or until it is stopped. */
export async function startFakeFleet({
  delayMs = 20,
  untilTestFinished = true,
}: FleetOptions = {}): Promise<FakeFleet> {
  const records = new Map<string, FakeRecord>()
  const listeners = new Map<string, Listener>()
  const recordOf = (name: string): FakeRecord => {
    const known = records.get(name)
    if (known !== undefined) return known
    const made = {
      captureTimesMs: [],
      openCount: 0,
      openCountMax: 0,
      verbosity: null,
      verbosities: [],
    }
    records.set(name, made)
    return made
  }
  const server = createServer((request, reply) => {
    const [, name = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const record = recordOf(name)
    record.openCount += 1
    record.openCountMax = Math.max(record.openCountMax, record.openCount)
    reply.on('close', () => (record.openCount -= 1))
    if (/^\/debug\/pprof\/goroutine(\?|$)/.test(rest)) record.captureTimesMs.push(Date.now())
    request.url = rest
    const listener = listeners.get(name)
    if (listener !== undefined) return listener(request, reply)
    if (rest === '/debug/flags/v') return void setVerbosity(record, request, reply)
    setTimeout(() => answerWell(request, reply), delayMs)
  })
  server.keepAliveTimeout = 60_000
  const stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  if (untilTestFinished) onTestFinished(stop)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    stop,
    url: (name) => `${origin}/${name}`,
    record: recordOf,
    records: () => [...records.values()],
    answer: (name, listener) => {
      if (listener === null) listeners.delete(name)
      else listeners.set(name, listener)
    },
  }
}

async function setVerbosity(record: FakeRecord, request: IncomingMessage, reply: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  record.verbosity = Number(Buffer.concat(chunks).toString())
  record.verbosities.push(record.verbosity)
  reply.end(`successfully set klog.logging.verbosity to ${record.verbosity}\n`)
}
