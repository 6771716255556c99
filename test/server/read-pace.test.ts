import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { collectGarbage } from '../collect-garbage.ts'
import { readAtPace } from '../../server/http/read-pace.ts'
import { PATIENCE_MS } from '../patience.ts'

const pace = { bytesPerSecondMin: 1000, graceMs: 50 }
const calm = { ...pace, graceMs: PATIENCE_MS }

test('a stream at a good pace comes through as it is', async () => {
  const bytes = await collect(Readable.from([Buffer.from('ab'), Buffer.from('c')]), calm)
  expect(bytes).toEqual(Buffer.from('abc'))
})

test('a stream that trickles is ended after the grace', async () => {
  await expect(collect(Readable.from(trickle()))).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
})

test('a stream that stalls is ended, though no byte comes to count', async () => {
  const stalled = new Readable({ read: () => undefined })
  stalled.push(Buffer.alloc(10))
  await expect(collect(stalled)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
})

test('the time in which this process stood still is not the sender’s', async () => {
  const stream = new Readable({ read: () => undefined })
  stream.push(Buffer.from('ab'))
  const collecting = collect(stream)
  setTimeout(() => {
    standStill(4 * pace.graceMs)
    // What came meanwhile is read after the timers that are due, one turn of the event loop later.
    setImmediate(() =>
      setImmediate(() => {
        stream.push(Buffer.from('c'))
        stream.push(null)
      }),
    )
  }, 1)
  expect(await collecting).toEqual(Buffer.from('abc'))
})

function standStill(forMs: number): void {
  const endMs = performance.now() + forMs
  while (performance.now() < endMs);
}

async function collect(stream: Readable, expected = pace): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readAtPace(stream, () => expected)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* trickle() {
  for (;;) {
    yield Buffer.alloc(1)
    await delay(5)
  }
}

test('what was read is not held until the end of the upload', async () => {
  const CHUNKS = 10
  const chunks = []
  const source = Readable.from(
    (function* () {
      for (let chunk = 0; chunk < CHUNKS; chunk++) yield Buffer.alloc(64)
    })(),
    { objectMode: false },
  )
  for await (const chunk of readAtPace(source, () => ({ bytesPerSecondMin: 1, graceMs: 60_000 }))) {
    chunks.push(new WeakRef(chunk))
    if (chunks.length < CHUNKS) continue
    await collectGarbage()
    expect(chunks.slice(0, -2).filter((one) => one.deref() !== undefined)).toEqual([])
  }
  expect(chunks).toHaveLength(CHUNKS)
})
