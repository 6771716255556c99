import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { onTestFinished } from 'vitest'
import { uniqueProfile } from '../unique-profile.ts'
import { until } from '../../until.ts'

export type BundleFiles = ReadonlyMap<string, Uint8Array>

/** One bundle that was answered with 201, or, sent again, with 200. */
export interface AcknowledgedBundle {
  readonly id: string
  readonly files: BundleFiles
}

export interface BundleHistory {
  readonly acknowledged: AcknowledgedBundle[]
  /** These got no answer, so they were sent again. */
  unknownCount: number
  /** Answered with 200: they were stored already, although the first request got no answer. */
  knownCount: number
}

/** Uploads bundles with so many clients, each sending its bundle until it is acknowledged, until stopped. */
export function startBundleUploaders(clientCount: number, url: () => string) {
  const history: BundleHistory = { acknowledged: [], unknownCount: 0, knownCount: 0 }
  const stopping = new AbortController()
  const client = async () => {
    while (!stopping.signal.aborted) await uploadUntilKnown(url, history)
  }
  const clients = Promise.all(Array.from({ length: clientCount }, client))
  // The error is thrown where they are stopped.
  clients.catch(() => undefined)
  onTestFinished(() => stopping.abort())
  return {
    async untilMore(count: number): Promise<void> {
      const wanted = history.acknowledged.length + count
      await until(() => history.acknowledged.length >= wanted)
    },
    /** Settles when each client has its last bundle acknowledged. */
    async stop(): Promise<BundleHistory> {
      stopping.abort()
      await clients
      return history
    },
  }
}

async function uploadUntilKnown(url: () => string, history: BundleHistory): Promise<void> {
  const files: BundleFiles = new Map([
    ['cpu.pb.gz', uniqueProfile()],
    ['goroutine.pb.gz', uniqueProfile()],
    ['a.log', Buffer.from(randomUUID().repeat(5000))],
  ])
  const bundle = await bundleOf(files)
  for (;;) {
    const response = await fetch(`${url()}/api/v1/captures`, {
      method: 'POST',
      body: bundle,
      headers: { 'content-type': 'application/gzip' },
    }).catch(() => null)
    const text = (await response?.text().catch(() => null)) ?? null
    const id = /"capture":\{"id":"([0-9A-Z]{26})"/.exec(text ?? '')?.[1]
    if (response?.ok === true && id !== undefined) {
      history.acknowledged.push({ id, files })
      if (response.status === 200) history.knownCount += 1
      return
    }
    if (text !== null && response?.status !== 503) throw new TypeError(`answered ${text}`)
    history.unknownCount += 1
    await delay(20)
  }
}

async function bundleOf(files: BundleFiles): Promise<Uint8Array<ArrayBuffer>> {
  const entries = [...files].map(([name, body]) => ({ header: { name, size: body.length }, body }))
  return new Uint8Array(gzipSync(await packTar(entries)))
}
