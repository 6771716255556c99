import { gzipSync, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { expect, test } from 'vitest'
import {
  type BundleEntry,
  type UploadSource,
  type ReceiveOptions,
  openCaptureReceiver,
} from '../../collect/index.ts'
import { describeCaptureFile, refuseHead } from '../../judge/index.ts'
import { PATIENCE_MS } from '../patience.ts'
import { openTestStore } from '../store/open-store.ts'

const OPTIONS: ReceiveOptions = {
  uploadBytesMax: 1000,
  uploadsInFlightMax: 2,
  uploadBytesInFlightMax: 1500,
  bundleBytesMax: 100_000,
  bundleInflatedBytesMax: 1_000_000,
  bundleRatioMax: 100,
  bundleFilesMax: 5,
  bundleMsMax: PATIENCE_MS,
  bundlesInFlightMax: 2,
}
const SOURCE: UploadSource = {
  origin: 'upload',
  target: null,
  component: null,
  instance: null,
  cluster: null,
  takenAtMs: null,
  note: null,
  labels: [],
}
/** Begins as profiles do: a sample type of the strings 1 and 2. */
const PROFILE = Buffer.from([0x0a, 0x04, 0x08, 0x01, 0x10, 0x02])

type Files = Readonly<Record<string, Uint8Array | string>>

async function openReceiver(change: Partial<ReceiveOptions> = {}) {
  const store = await openTestStore()
  const notified: string[] = []
  const receiver = openCaptureReceiver({
    options: { ...OPTIONS, ...change },
    captures: store.captures,
    blobs: store.blobs,
    queue: { notify: async (id) => void notified.push(id) },
    refuseHead,
    onNotifyFailed: () => undefined,
    describeFile: describeCaptureFile,
  })
  const receive = async (entries: readonly BundleEntry[], source: Partial<UploadSource> = {}) =>
    receiver.receive({
      caller: 'a',
      entries: asyncOf(entries),
      source: () => ({ ...SOURCE, ...source }),
      declaredSizeBytes: null,
    })
  const receiveTar = async (bytes: Uint8Array) =>
    receive([{ name: 'bundle.tar.gz', body: inPieces(bytes) }])
  return { store, receive, receiveTar, notified, receiver }
}

async function* asyncOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 100) yield bytes.subarray(start, start + 100)
}

function entriesOf(files: Files): readonly BundleEntry[] {
  return Object.entries(files).map(([name, bytes]) => ({
    name,
    body: inPieces(Buffer.from(bytes)),
  }))
}

function tarOf(files: Files): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => ({
      header: { name, size: Buffer.byteLength(body) },
      body: Buffer.from(body),
    })),
  )
}

test('files become one capture: profiles to be analysed, and the rest beside them', async () => {
  const { store, receive, notified } = await openReceiver()
  const files = { 'cpu.pb.gz': PROFILE, 'metrics.txt': 'up 1', 'a.log': 'slow', 'trace.out': 'go' }
  const { capture } = await receive(entriesOf(files))
  expect(new Map(capture.parts.map(({ fileName, kind }) => [fileName, kind]))).toEqual(
    new Map([
      ['a.log', 'log'],
      ['cpu.pb.gz', 'cpu'],
      ['metrics.txt', 'metrics'],
      ['trace.out', 'trace'],
    ]),
  )
  expect(notified).toHaveLength(1)
  const { items } = await store.profiles.list({}, { limit: 10, cursor: null })
  expect(items).toMatchObject([{ captureId: capture.id, type: 'cpu', fileName: 'cpu.pb.gz' }])
})

test.each([
  ['gzipped', (tar: Uint8Array) => gzipSync(tar)],
  ['compressed by zstd', (tar: Uint8Array) => zstdCompressSync(tar)],
  ['as it is', (tar: Uint8Array) => tar],
])('a tar %s is taken for the files in it, in whatever folder', async (_, pack) => {
  const { receiveTar } = await openReceiver()
  const tar = await tarOf({ 'one/heap.pb.gz': PROFILE, '../../etc/passwd.log': 'x' })
  const { capture } = await receiveTar(pack(tar))
  const names = capture.parts.map(({ fileName }) => fileName)
  expect(new Set(names)).toEqual(new Set(['heap.pb.gz', 'passwd.log']))
})

test('folders, links and hidden files of a tar are left out, and links are reported', async () => {
  const { receiveTar } = await openReceiver()
  const tar = await packTar([
    { header: { name: 'one/', type: 'directory', size: 0 } },
    { header: { name: 'one/._cpu.pb.gz', size: 1 }, body: 'x' },
    { header: { name: 'one/link.pb.gz', type: 'symlink', linkname: '/etc/passwd', size: 0 } },
    { header: { name: 'one/cpu.pb.gz', size: PROFILE.length }, body: PROFILE },
  ])
  const { capture, skipped } = await receiveTar(tar)
  expect(capture.parts.map(({ fileName }) => fileName)).toEqual(['cpu.pb.gz'])
  expect(skipped).toEqual([{ name: 'one/link.pb.gz', what: 'symbolic link to /etc/passwd' }])
})

test('the facts of capture.json become those of the capture, and those of the uploader take precedence', async () => {
  const { store, receive } = await openReceiver()
  const manifest = {
    component: 'etcd',
    target: 'db',
    seconds: 10,
    startedAt: '2026-01-02T03:04:05Z',
    labels: [{ name: 'why', value: 'slow' }, 'nonsense'],
    parts: [{ kind: 'block' }],
    status: 'partial',
  }
  const files = { 'capture.json': JSON.stringify(manifest), 'cpu.pb.gz': PROFILE }
  const { capture } = await receive(entriesOf(files), { target: 'mine' })
  expect(capture).toMatchObject({
    component: 'etcd',
    target: 'mine',
    seconds: 10,
    startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    labels: [{ name: 'why', value: 'slow' }],
    status: 'partial',
  })
  const { items } = await store.profiles.list({ target: 'mine' }, { limit: 10, cursor: null })
  expect(items).toHaveLength(1)
})

test('labels of capture.json may be an object', async () => {
  const { receive } = await openReceiver()
  const manifest = { labels: { zone: 'a', rack: 7, empty: '', '': 'x' } }
  const files = { 'capture.json': JSON.stringify(manifest), 'cpu.pb.gz': PROFILE }
  const { capture, ignored } = await receive(entriesOf(files))
  expect(capture.labels).toEqual([{ name: 'zone', value: 'a' }])
  expect(ignored).toEqual([
    { name: 'labels.rack', what: 'no name and text' },
    { name: 'labels.', what: 'no name and text' },
  ])
})

test('a label of capture.json that no filter can name is named and left out', async () => {
  const { receive } = await openReceiver()
  const long = 'x'.repeat(101)
  const manifest = { labels: { 'app.kubernetes.io/name': 'etcd', 'my zone': 'a', [long]: 'b' } }
  const files = { 'capture.json': JSON.stringify(manifest), 'cpu.pb.gz': PROFILE }
  const { capture, ignored } = await receive(entriesOf(files))
  expect(capture.labels).toEqual([{ name: 'app.kubernetes.io/name', value: 'etcd' }])
  const what = 'a name is up to 100 letters, digits and _ . / -'
  expect(ignored).toEqual([
    { name: 'labels.my zone', what },
    { name: `labels.${long}`.slice(0, 100), what },
  ])
})

test('a capture.json may begin with the mark of UTF-8', async () => {
  const { receive } = await openReceiver()
  const { capture } = await receive(
    entriesOf({ 'capture.json': '\uFEFF{"target":"api"}', 'cpu.pb.gz': PROFILE }),
  )
  expect(capture.target).toBe('api')
})

test('a field of a capture.json that is not read is named once', async () => {
  const { receive } = await openReceiver()
  const manifest = {
    labels: 'zone=a',
    startedAt: '2026-11-30T10:00:00Z',
    finishedAt: '2026-11-30T09:00:00Z',
  }
  const files = { 'capture.json': JSON.stringify(manifest), 'cpu.pb.gz': PROFILE }
  const { capture, ignored } = await receive(entriesOf(files))
  expect(capture.finishedAtMs).not.toBe(Date.parse('2026-11-30T09:00:00Z'))
  expect(ignored).toEqual([
    { name: 'finishedAt', what: 'before `startedAt`' },
    { name: 'labels', what: 'neither a list nor an object' },
  ])
})

test('what of a capture.json is not read is named', async () => {
  const { receive } = await openReceiver()
  const manifest = {
    version: 1,
    id: 'x',
    cluser: 'blue',
    target: null,
    cluster: 7,
    seconds: '10',
    startedAt: 'yesterday',
    status: 'done',
    error: 'none',
    labels: ['x'],
    parts: [{ kind: 'cpu' }, { kind: 'nonsense' }],
    notes: 'one',
  }
  const files = { 'capture.json': JSON.stringify(manifest), 'cpu.pb.gz': PROFILE }
  const { ignored } = await receive(entriesOf(files))
  expect(ignored.map(({ name, what }) => `${name}: ${what}`)).toEqual([
    'cluser: not known',
    'status: no state of a capture',
    'cluster: no text',
    'notes: no list',
    'seconds: no number, or below 0',
    'startedAt: no time in RFC 3339',
    'error: no object with `code` and `message`',
    'labels.0: no name and text',
    'parts.1: no part of a capture',
  ])
})

test.each([
  ['no JSON', 'no JSON'],
  ['[]', 'no JSON object'],
])('a capture.json of %s is named', async (text, what) => {
  const { receive } = await openReceiver()
  const { ignored } = await receive(entriesOf({ 'capture.json': text, 'cpu.pb.gz': PROFILE }))
  expect(ignored).toEqual([{ name: 'capture.json', what }])
})

test.each(['no JSON', '[]', '{"labels":7,"seconds":"x","__proto__":{"target":"x"}}'])(
  'a capture.json of %s gives no facts',
  async (text) => {
    const { receive } = await openReceiver()
    const { capture } = await receive(entriesOf({ 'capture.json': text, 'cpu.pb.gz': PROFILE }))
    expect(capture).toMatchObject({ status: 'complete', target: null, seconds: null, labels: [] })
  },
)

test('the same bundle again is the capture that is there, and its bytes are not kept twice', async () => {
  const { store, receive } = await openReceiver()
  const first = await receive(entriesOf({ 'cpu.pb.gz': PROFILE, 'a.log': 'x' }))
  const second = await receive(entriesOf({ 'a.log': 'x', 'cpu.pb.gz': PROFILE }))
  expect(second).toMatchObject({ isDuplicate: true, capture: { id: first.capture.id } })
  // They are deleted beside the answer.
  await expect.poll(() => keysOf(store)).toHaveLength(2)
})

test.each<[string, () => Promise<Uint8Array>, object]>([
  [
    'cut within an entry',
    async () => (await tarOf({ 'cpu.pb.gz': PROFILE, 'heap.pb.gz': PROFILE })).subarray(0, 1600),
    { entry: 'cpu.pb.gz', offsetBytes: 1024 },
  ],
  [
    'of a gzip that is cut',
    async () => gzipSync(await tarOf({ 'cpu.pb.gz': PROFILE })).subarray(0, 80),
    { reason: 'unexpected end of file' },
  ],
  [
    'with a damaged header',
    async () => {
      const tar = await tarOf({ 'cpu.pb.gz': PROFILE, 'heap.pb.gz': PROFILE })
      tar[1024 + 5] = 0x58
      return tar
    },
    { entry: 'cpu.pb.gz', offsetBytes: 1024 },
  ],
  ['that is HTML', async () => Buffer.from('<html>'.repeat(200)), { offsetBytes: 0 }],
  ['without profiles', async () => tarOf({ 'a.log': 'x' }), { reason: 'no_profile' }],
  [
    'with two files of one name',
    async () => tarOf({ 'a/cpu.pb.gz': PROFILE, 'b/cpu.pb.gz': PROFILE }),
    { reason: 'name', entry: 'cpu.pb.gz' },
  ],
  ['with an empty profile', async () => tarOf({ 'cpu.pb.gz': '' }), { entry: 'cpu.pb.gz' }],
])('a bundle %s is refused with the place, and none of it is kept', async (_, make, details) => {
  const { store, receiveTar } = await openReceiver()
  await expect(receiveTar(await make())).rejects.toMatchObject({ code: 'BUNDLE_INVALID', details })
  await expectNothing(store)
})

test('an entry that is not a profile is refused by its name', async () => {
  const { store, receive } = await openReceiver()
  const files = { 'heap.pb.gz': PROFILE, 'cpu.pb.gz': `<html>${' '.repeat(600)}` }
  await expect(receive(entriesOf(files))).rejects.toMatchObject({
    code: 'NOT_A_PROFILE',
    details: { entry: 'cpu.pb.gz' },
    message: expect.stringContaining('cpu.pb.gz'),
  })
  await expectNothing(store)
})

test.each<[string, Partial<ReceiveOptions>, Files, string]>([
  ['one file', {}, { 'cpu.pb.gz': Buffer.alloc(1001, PROFILE) }, 'file_bytes'],
  ['the number of files', { bundleFilesMax: 1 }, { 'cpu.pb.gz': PROFILE, 'a.log': 'x' }, 'files'],
  [
    'the inflated tar',
    { bundleInflatedBytesMax: 2000 },
    { 'cpu.pb.gz': PROFILE },
    'inflated_bytes',
  ],
])('more than the limit of %s is refused', async (_, change, files, reason) => {
  const { store, receiveTar } = await openReceiver(change)
  await expect(receiveTar(gzipSync(await tarOf(files)))).rejects.toMatchObject({
    code: 'UPLOAD_TOO_LARGE',
    details: { reason },
  })
  await expectNothing(store)
})

test('a bundle that inflates out of proportion is refused before it is inflated whole', async () => {
  const { store, receiveTar } = await openReceiver({
    bundleInflatedBytesMax: 2 ** 40,
    uploadBytesMax: 2 ** 40,
  })
  const bomb = gzipSync(await tarOf({ 'a.log': Buffer.alloc(40 * 1024 * 1024) }))
  await expect(receiveTar(bomb)).rejects.toMatchObject({
    code: 'UPLOAD_TOO_LARGE',
    details: { reason: 'ratio', entry: 'a.log' },
  })
  await expectNothing(store)
})

test('more bytes than may be sent are refused', async () => {
  const { receive } = await openReceiver({ bundleBytesMax: 2000, uploadBytesMax: 10_000 })
  const files = { 'cpu.pb.gz': Buffer.concat([PROFILE, Buffer.alloc(3000)]) }
  await expect(receive(entriesOf(files))).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' })
})

test('a bundle that takes too long is refused', async () => {
  const { store, receive } = await openReceiver({ bundleMsMax: -1 })
  await expect(receive(entriesOf({ 'cpu.pb.gz': PROFILE }))).rejects.toMatchObject({
    code: 'REQUEST_TIMEOUT',
  })
  await expectNothing(store)
})

test('files of a capture being taken are kept while its lease is held, and not after', async () => {
  const { store, receiver } = await openReceiver()
  const source = { ...SOURCE, origin: 'demand' as const, processKey: null, schedule: null }
  const { takenAtMs: _, ...capture } = { ...source, request: null, seconds: null }
  const [{ id } = { id: '' }] = await store.captures.create([capture])
  const claim = await store.captures.claim(id, { owner: 'test', leaseMs: PATIENCE_MS })
  if (claim === null) throw new Error('it cannot be claimed')
  const place = {
    claim,
    kind: 'metrics',
    name: 'metrics.txt.gz',
    durationMs: 5,
    note: null,
  } as const
  const blob = await receiver.receiveFile(place, inPieces(Buffer.from('up 1')))
  expect(await store.captures.listFiles(id)).toMatchObject([{ blobKey: blob.key, kind: 'metrics' }])
  await store.captures.finish(claim, { status: 'complete', error: null })
  const late = receiver.receiveFile({ ...place, name: 'late.log' }, inPieces(Buffer.from('x')))
  await expect(late).rejects.toMatchObject({ code: 'CAPTURE_FINISHED' })
  expect(await keysOf(store)).toEqual([blob.key])
})

type TestStore = Awaited<ReturnType<typeof openTestStore>>

async function expectNothing(store: TestStore): Promise<void> {
  expect((await store.captures.list({}, { limit: 1, cursor: null })).items).toEqual([])
  await expect.poll(() => keysOf(store)).toEqual([])
}

async function keysOf(store: TestStore): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of store.blobs.keysPutBefore(Date.now() + 1000)) keys.push(key)
  return keys
}
