import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { startService, type StartedService } from '../../service/start-service.ts'

const KUBEPROF = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kubeprof-push-'))
const CPU = { type: 'cpu', unit: 'nanoseconds' }

let service: StartedService
let server: string
beforeAll(async () => {
  service = await startService({ works: false })
  const address = service.server.address()
  server = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterAll(async () => {
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a folder is pushed as one capture, with what the flags say', async () => {
  const capture = join(folder, 'capture')
  mkdirSync(capture)
  writeFileSync(join(capture, 'cpu.pb.gz'), profile('one'))
  writeFileSync(join(capture, 'a.log'), 'slow\n')
  writeFileSync(join(capture, 'capture.json'), JSON.stringify(MANIFEST))
  const { code, out } = await push('--instance', 'node-1', server, capture)
  expect([code, out]).toEqual([0, expect.stringMatching(/capture: http\S+\/captures\/\w{26}\n$/)])
  const shown = await captureAt(out)
  expect(shown).toMatchObject({
    origin: 'command',
    instance: 'node-1',
    component: 'etcd',
    status: 'partial',
    note: 'The first. The second.',
  })
  expect(shown.parts.map(({ state, fileName }) => [fileName, state])).toEqual([
    ['block.pb.gz', 'failed'],
    ['a.log', 'taken'],
    ['cpu.pb.gz', 'taken'],
  ])
})

test('what clusterloader2 wrote is pushed as a capture for each component', async () => {
  const reports = join(folder, 'cl2')
  mkdirSync(reports)
  const at = '_load_2026-03-02T08:11:43Z.pprof'
  writeFileSync(join(reports, `kube-apiserver_CPUProfile${at}`), profile('cl2'))
  writeFileSync(join(reports, `etcd_CPUProfile${at}`), profile('cl2'))
  writeFileSync(join(reports, `etcd_MemoryProfile${at}`), '')
  const { code, out, error } = await push(server, reports)
  expect(code).toBe(0)
  expect(error).toContain(`etcd_MemoryProfile${at} is empty and left out: the process answered`)
  const captures = await Promise.all(
    out
      .trim()
      .split('\n')
      .map((line) => captureAt(`${line}\n`)),
  )
  expect(captures.map(({ component, instance }) => [component, instance])).toEqual([
    ['etcd', 'etcd-load'],
    ['kube-apiserver', 'kube-apiserver-load'],
  ])
})

test('a bundle is pushed as a capture, and a file as a profile', async () => {
  const bundle = join(folder, 'bundle.tar.gz')
  const body = profile('two')
  const tar = await packTar([{ header: { name: 'heap.pb.gz', size: body.length }, body }])
  writeFileSync(bundle, gzipSync(tar))
  const file = join(folder, 'one.pb.gz')
  writeFileSync(file, profile('three'))
  const { code, out } = await push(server, bundle, file)
  expect(code).toBe(0)
  expect(out).toMatch(/bundle\.tar\.gz: \S+\/captures\/.*\n.*one\.pb\.gz: \S+\/profiles\//)
})

test('symbolic links of folders and bundles are named and left out', async () => {
  const linked = join(folder, 'linked')
  mkdirSync(linked)
  writeFileSync(join(linked, 'cpu.pb.gz'), profile('linked'))
  symlinkSync('cpu.pb.gz', join(linked, 'heap.pb.gz'))
  const bundle = join(folder, 'linked.tar.gz')
  const body = profile('in a bundle')
  const tar = await packTar([
    { header: { name: 'cpu.pb.gz', size: body.length }, body },
    { header: { name: 'heap.pb.gz', size: 0, type: 'symlink', linkname: 'cpu.pb.gz' } },
  ])
  writeFileSync(bundle, gzipSync(tar))
  const { code, error } = await push(server, linked, bundle)
  expect(code).toBe(0)
  expect(error).toContain(`${linked}: heap.pb.gz is a symbolic link and left out\n`)
  expect(error).toContain(`${bundle}: heap.pb.gz is not a file, such as a symbolic link, and is`)
})

test('uploads that the server refuses are reported with the reason, and the others are pushed', async () => {
  const broken = join(folder, 'broken.tgz')
  writeFileSync(broken, 'no tar')
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const file = join(folder, 'four.pb.gz')
  writeFileSync(file, profile('four'))
  const nothing = join(folder, 'nothing.pb.gz')
  writeFileSync(nothing, '')
  const none = join(folder, 'none')
  const { code, out, error } = await push(server, broken, empty, nothing, none, file)
  expect(code).toBe(3)
  expect(out).toContain('four.pb.gz: ')
  expect(error).toMatch(/broken\.tgz: .*did not take it: The bytes are not a bundle/)
  expect(error).toMatch(/empty: the folder holds no files/)
  expect(error).toMatch(/nothing\.pb\.gz: is empty: the process answered nothing/)
  expect(error).toMatch(/none: cannot be read/)
})

test.each([
  ['{\n  "target": "api-0",\n  "cluster": blue\n}', "line 3, column 14: unexpected token 'b'"],
  ['{"target": "api-0",}', 'line 1, column 20: expected double-quoted property name'],
  ['{"target": "api-0"', "line 1, column 19: expected ',' or '}' after property value"],
  ['', 'line 1, column 1: unexpected end'],
])('a folder whose capture.json is %j is not sent', async (text, fault) => {
  const broken = mkdtempSync(join(folder, 'broken-'))
  writeFileSync(join(broken, 'cpu.pb.gz'), profile('broken'))
  writeFileSync(join(broken, 'capture.json'), text)
  const { code, out, error } = await push(server, broken)
  expect([code, out]).toEqual([3, ''])
  expect(error).toContain(`${broken}: capture.json is no JSON: ${fault}`)
  expect(error).toContain('; nothing is sent, because its names, times and labels would be lost')
})

test('a bundle whose capture.json is no object is not sent', async () => {
  const bundle = join(folder, 'list.tar.gz')
  const body = profile('list')
  const tar = await packTar([
    { header: { name: 'one/cpu.pb.gz', size: body.length }, body },
    { header: { name: 'one/capture.json', size: 2 }, body: '[]' },
  ])
  writeFileSync(bundle, gzipSync(tar))
  const { code, out, error } = await push(server, bundle)
  expect([code, out]).toEqual([3, ''])
  expect(error).toContain(`${bundle}: capture.json is no JSON object, {"target": "api-0", ...}; `)
})

test('labels, a time and a note of a capture are those of the flags', async () => {
  const capture = join(folder, 'noted')
  mkdirSync(capture)
  writeFileSync(join(capture, 'cpu.pb.gz'), profile('noted'))
  writeFileSync(join(capture, 'capture.json'), JSON.stringify({ labels: { zone: 'a', rack: '1' } }))
  const labels = ['--label', 'zone=b', '--label=app.kubernetes.io/name=x=y']
  const time = ['--time', '2026-11-30T19:28:00+01:00']
  const { code, out } = await push(...labels, ...time, '--note', 'Slow since.', server, capture)
  expect(code).toBe(0)
  expect(await captureAt(out)).toMatchObject({
    startedAt: '2026-11-30T18:28:00.000Z',
    note: 'Slow since.',
    labels: expect.arrayContaining([
      { name: 'zone', value: 'b' },
      { name: 'rack', value: '1' },
      { name: 'app.kubernetes.io/name', value: 'x=y' },
    ]),
  })
})

test('labels and a time of a lone profile are those of the flags', async () => {
  const file = join(folder, 'labelled.pb.gz')
  writeFileSync(file, profile('labelled'))
  const flags = ['--label', 'zone=b', '--time', '2026-11-30T18:28:00Z']
  const { out } = await push(...flags, '--target', 'api', server, file)
  const id = /profiles\/(\w{26})/.exec(out)?.[1] ?? ''
  const reply = await (await fetch(`${server}/api/v1/profiles/${id}`)).json()
  expect(reply).toMatchObject({
    profile: { labels: [{ name: 'zone', value: 'b' }], takenAt: '2026-11-30T18:28:00.000Z' },
  })
})

test.each([
  [['--label', 'zone'], '--label is NAME=VALUE, not "zone"'],
  [['--label', '=b'], '--label is NAME=VALUE, not "=b"'],
  [
    ['--label', 'my zone=b'],
    'the name of a --label is up to 100 letters, digits and _ . / -, not "my zone"',
  ],
  [['--time', 'yesterday'], '--time is a date and time with its zone, 2026-11-30T18:28:00Z or'],
  [['--time', '2026-11-30T18:28:00'], '--time is a date and time with its zone'],
  [['--time', '2026-13-30T18:28:00Z'], '--time is a date and time with its zone'],
  [['--time', '2026-02-30T18:28:00Z'], '--time is a date and time with its zone'],
  [['--label', 'zone=a', '--label', 'zone=b'], '--label zone is given more than once'],
  [['--note', 'x'.repeat(1001)], '--note is at most 1000 characters, not 1001'],
  [['--note', 'x'], '--note is of captures, and "-" is one profile: push the folder it is in'],
])('%j is refused before anything is sent', async (flags, fault) => {
  const { code, error } = await push(...flags, server, '-')
  expect(code).toBe(2)
  expect(error).toContain(`kubeprof push: ${fault}`)
})

test('what names no process is said to be in neither fleet nor findings, once and with what helps', async () => {
  const [one, two] = [join(folder, 'unnamed'), join(folder, 'unnamed.pb.gz')]
  mkdirSync(one)
  writeFileSync(join(one, 'cpu.pb.gz'), profile('unnamed'))
  writeFileSync(two, profile('unnamed too'))
  const unnamed = await push(server, one, two)
  expect(unnamed.code).toBe(0)
  expect(unnamed.error).toBe(
    `${one} and 1 more: judged, but in neither the fleet nor its findings, because no process is named: ` +
      'push it again with --target NAME, and --cluster NAME where there are several\n',
  )
  const named = await push('--target', 'api', server, one, two)
  expect([named.code, named.error]).toEqual([0, ''])
})

test('a token file that is missing is named in one sentence', async () => {
  const missing = join(folder, 'missing-token')
  const { code, error } = await push('--token-file', missing, server, folder)
  expect(code).toBe(2)
  const fault = `${missing}, the file of --token-file, cannot be read: there is no such file`
  expect(error).toBe(`kubeprof push: ${fault}\n`)
})

test('the token is that of $KUBEPROF_TOKEN where no file is named', async () => {
  const seen: (string | undefined)[] = []
  const stub = createServer((request, reply) => {
    seen.push(request.headers.authorization)
    request.resume()
    reply.setHeader('content-type', 'application/json').end('{}')
  })
  stub.listen(0, '127.0.0.1')
  await once(stub, 'listening')
  const address = stub.address()
  const port = typeof address === 'object' ? address?.port : 0
  const file = join(folder, 'five.pb.gz')
  writeFileSync(file, profile('five'))
  await pushIn({ ...process.env, KUBEPROF_TOKEN: 'secret' }, `http://127.0.0.1:${port}`, file)
  stub.close()
  expect(seen).toEqual(['Bearer secret'])
})

const MANIFEST = {
  component: 'etcd',
  instance: 'other',
  status: 'partial',
  notes: ['The first.', 'The second.'],
  parts: [
    { kind: 'cpu', fileName: 'cpu.pb.gz', state: 'taken' },
    {
      kind: 'block',
      fileName: 'block.pb.gz',
      state: 'failed',
      error: { code: 'TARGET_TIMEOUT', message: 'It took too long.' },
    },
  ],
}

function profile(name: string): Uint8Array {
  return gzipSync(encodeProfile(profileFromFolded(`main;${name} 42`, CPU)))
}

interface ShownCapture {
  readonly component: string | null
  readonly instance: string | null
  readonly parts: readonly { readonly state: string; readonly fileName: string }[]
}

async function captureAt(line: string): Promise<ShownCapture> {
  const id = /captures\/(\w{26})/.exec(line)?.[1] ?? ''
  const { capture } = JSON.parse(await (await fetch(`${server}/api/v1/captures/${id}`)).text())
  return capture
}

function push(...args: readonly string[]) {
  return pushIn(process.env, ...args)
}

function pushIn(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  return new Promise<{ code: number; out: string; error: string }>((resolve) => {
    const child = execFile(KUBEPROF, ['push', ...args], { env }, (_, out, error) => {
      resolve({ code: child.exitCode ?? -1, out, error })
    })
  })
}
