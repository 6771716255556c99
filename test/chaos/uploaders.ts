import { hash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { uniqueProfile } from './unique-profile.ts'
import { until } from '../until.ts'

/** One upload that was answered with 201. */
export interface Acknowledged {
  readonly id: string
  readonly bytes: Uint8Array
}

/** What became of uploads: `acknowledged` must be there for ever; `unknown` may be. */
export interface History {
  readonly acknowledged: Acknowledged[]
  /** The SHA-256, in hex, of everything that was sent. */
  readonly sentHashes: Set<string>
  /** Answered with 503. */
  readonly refused: number[]
  unknownCount: number
  readonly durationsMs: number[]
}

export function newHistory(): History {
  return {
    acknowledged: [],
    sentHashes: new Set(),
    refused: [],
    unknownCount: 0,
    durationsMs: [],
  }
}

/** Keeps the backlog small: what is uploaded during a restart has to be analysed before the test ends. */
const PAUSE_MS = 30

/** A client waits no longer for its answer. */
const ANSWER_MS_MAX = 30_000

/** Uploads with so many clients, each one profile after the other, until stopped; each waits for where to. */
export function startUploaders(clientCount: number, url: () => string | Promise<string>) {
  const history = newHistory()
  const stopping = new AbortController()
  const client = async () => {
    while (!stopping.signal.aborted) {
      await uploadOne(await url(), history)
      await delay(PAUSE_MS)
    }
  }
  const clients = Promise.all(Array.from({ length: clientCount }, client))
  // The error is thrown where they are stopped.
  clients.catch(() => undefined)
  onTestFinished(() => stopping.abort())
  return {
    history,
    /** Settles when all have stopped, or one has failed. */
    ended: clients,
    /** Settles when so many more uploads have been acknowledged. */
    async untilMore(count: number): Promise<void> {
      const wanted = history.acknowledged.length + count
      await until(() => history.acknowledged.length >= wanted)
    },
    async stop(): Promise<History> {
      stopping.abort()
      await clients
      return history
    },
  }
}

export async function uploadOne(
  url: string,
  history: History,
  bytes = uniqueProfile(),
): Promise<void> {
  const startMs = performance.now()
  history.sentHashes.add(hash('sha256', bytes))
  try {
    const response = await fetch(`${url}/api/v1/profiles`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    const body: unknown = await response.json()
    if (response.status === 201) history.acknowledged.push({ id: idOf(body), bytes })
    else if (response.status === 503) history.refused.push(response.status)
    else throw new TypeError(`upload answered ${response.status}: ${JSON.stringify(body)}`)
    history.durationsMs.push(performance.now() - startMs)
  } catch (error) {
    if (error instanceof TypeError && !error.message.startsWith('fetch failed')) {
      if (!/terminated|other side closed/.test(error.message)) throw error
    }
    history.unknownCount += 1
    await delay(20)
  }
}

function idOf(body: unknown): string {
  const text = JSON.stringify(body)
  const id = /"profile":\{"id":"([0-9A-Z]{26})"/.exec(text)?.[1]
  if (id === undefined) throw new TypeError(`the answer has no id: ${text}`)
  return id
}
