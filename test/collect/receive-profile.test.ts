import { expect, test } from 'vitest'
import { AppError } from '../../api/index.ts'
import { openProfileReceiver } from '../../collect/index.ts'
import { refuseHead } from '../../judge/index.ts'
import { NOTHING_DECLARED } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { until } from '../until.ts'

const OPTIONS = {
  uploadBytesMax: 1000,
  uploadsInFlightMax: 2,
  uploadBytesInFlightMax: 1500,
}
/** Begins as profiles do: a sample type of the strings 1 and 2. */
const PROFILE = Buffer.from([0x0a, 0x04, 0x08, 0x01, 0x10, 0x02])

interface Notifier {
  readonly notify: (id: string) => Promise<void>
}

async function openReceiver({ notify }: Notifier = { notify: async () => {} }) {
  const store = await openTestStore()
  const lost: unknown[] = []
  const receiver = openProfileReceiver({
    options: OPTIONS,
    profiles: store.profiles,
    captures: store.captures,
    blobs: store.blobs,
    queue: { notify },
    refuseHead,
    onNotifyFailed: (error) => lost.push(error),
  })
  const receive = async (
    body: AsyncIterable<Uint8Array> | Uint8Array,
    { source = {}, declaredSizeBytes = null as number | null, caller = 'a' } = {},
  ) =>
    receiver.receive({
      caller,
      source: { ...NOTHING_DECLARED, ...source },
      body: body instanceof Uint8Array ? inPieces(body) : body,
      declaredSizeBytes,
    })
  return { store, receiver, receive, lost }
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 100) yield bytes.subarray(start, start + 100)
}

/** A body whose chunks the test sends. */
function slowBody() {
  const { promise, resolve } = Promise.withResolvers<void>()
  async function* body(): AsyncGenerator<Uint8Array> {
    yield PROFILE
    await promise
  }
  return { body: body(), finish: resolve }
}

test('the bytes are stored as they came, and the queue is notified once', async () => {
  const notified: string[] = []
  const { store, receive } = await openReceiver({ notify: async (id) => void notified.push(id) })
  const bytes = Buffer.concat([PROFILE, Buffer.alloc(900, 7)])
  const { profile, analysisId } = await receive(bytes)
  expect(Buffer.from((await store.blobs.get(profile.rawBlobKey)) ?? [])).toEqual(bytes)
  expect(notified).toEqual([analysisId])
})

test('known content answers the known profile, and its second copy is deleted', async () => {
  const { store, receive } = await openReceiver()
  const first = await receive(PROFILE)
  const second = await receive(PROFILE)
  expect(second).toMatchObject({ isDuplicate: true, profile: { id: first.profile.id } })
  // Until one copy is left.
  await until(async () => {
    let count = 0
    for await (const _ of store.blobs.keysPutBefore(Number.POSITIVE_INFINITY)) count += 1
    return count === 1
  })
})

test('the same content of another source is another profile, whatever the order of labels', async () => {
  const { receive } = await openReceiver()
  const labels = [
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ]
  await receive(PROFILE, { source: { labels } })
  const turned = await receive(PROFILE, { source: { labels: labels.toReversed() } })
  const other = await receive(PROFILE, { source: { target: 'other' } })
  expect([turned.isDuplicate, other.isDuplicate]).toEqual([true, false])
})

test.each([
  ['nothing', Buffer.alloc(0), 'BODY_MISSING'],
  ['a page of HTML', Buffer.from('<!DOCTYPE html><p>Sign in'), 'NOT_A_PROFILE'],
  ['an answer of Kubernetes', Buffer.from('{"kind":"Status","code":403}'), 'NOT_A_PROFILE'],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'UNSUPPORTED_ENCODING'],
  ['more than the limit', Buffer.concat([PROFILE, Buffer.alloc(1000)]), 'UPLOAD_TOO_LARGE'],
])('%s is refused, and nothing of it kept', async (_, bytes, code) => {
  const { store, receive } = await openReceiver()
  await expect(receive(bytes)).rejects.toMatchObject({ code })
  expect(await store.blobs.removeLeftovers(Number.POSITIVE_INFINITY)).toBe(0)
  expect((await store.profiles.list({}, { limit: 1, cursor: null })).items).toEqual([])
})

test('a body that says it is too large is not read', async () => {
  const { receive } = await openReceiver()
  let isRead = false
  async function* body(): AsyncGenerator<Uint8Array> {
    isRead = true
    yield PROFILE
  }
  const receiving = receive(body(), { declaredSizeBytes: 1001 })
  await expect(receiving).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' })
  expect(isRead).toBe(false)
})

test('when too many uploads are under way the next is refused, and taken later', async () => {
  const { receive } = await openReceiver()
  const slow = [slowBody(), slowBody()]
  const receiving = slow.map(async ({ body }, index) =>
    receive(body, { source: { target: String(index) }, caller: String(index) }),
  )
  const refused = { code: 'OVERLOADED', retryAfterSeconds: 2 }
  await expect(receive(PROFILE)).rejects.toMatchObject(refused)
  for (const { finish } of slow) finish()
  await Promise.all(receiving)
  await expect(receive(PROFILE)).resolves.toMatchObject({ isDuplicate: false })
})

test('when the uploads under way are too large together the next is refused', async () => {
  const { receive } = await openReceiver()
  const slow = slowBody()
  const receiving = receive(slow.body, { declaredSizeBytes: 1000 })
  const next = receive(PROFILE, { declaredSizeBytes: 501, caller: 'b' })
  await expect(next).rejects.toMatchObject({ code: 'OVERLOADED' })
  slow.finish()
  await receiving
})

test('a lost notification fails no upload', async () => {
  const error = new AppError('QUEUE_UNAVAILABLE')
  const { receive, lost } = await openReceiver({ notify: () => Promise.reject(error) })
  await receive(PROFILE)
  await until(() => lost.length === 1)
  expect(lost).toEqual([error])
})

test('an upload does not wait for its notification', async () => {
  const { receive } = await openReceiver({ notify: () => new Promise(() => {}) })
  await expect(receive(PROFILE)).resolves.toMatchObject({ isDuplicate: false })
})

test('closing waits for uploads under way and takes no more', async () => {
  const { receive, receiver } = await openReceiver()
  const slow = slowBody()
  const receiving = receive(slow.body)
  const closing = receiver.close()
  await expect(receive(PROFILE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  slow.finish()
  await expect(receiving).resolves.toMatchObject({ isDuplicate: false })
  await closing
})
