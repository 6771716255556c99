import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runCapture } from '../../../cli/capture/capture-command.ts'
import { runCommand } from '../../../cli/terminal/run-command.ts'
import { answerWell, serve } from '../../collect/fake-process.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'
import { printedBy } from '../printed-by.ts'

const KUBEPROF = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))

interface RunOptions {
  readonly isTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
}

async function run(args: readonly string[], { isTerminal = false, env = {} }: RunOptions = {}) {
  const state = await temporaryDirectory()
  return printedBy((io) => runCommand('capture', runCapture, args, io), {
    isTerminal,
    env: { XDG_STATE_HOME: state, HOME: state, ...env },
  })
}

const QUICK = ['--seconds', '1']

test('a capture is a folder that only its owner reads, with what is known of it', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const origin = await serve(answerWell)
  const args = [origin, '--component', 'etcd', '--instance', 'one', ...QUICK, '-o', folder]
  const { code, out, error } = await run(args)
  expect(code).toBe(0)
  expect(readdirSync(folder).sort()).toEqual([
    'block.pb.gz',
    'capture.json',
    'cpu.pb.gz',
    'goroutine.pb.gz',
    'goroutineleak.pb.gz',
    'heap.pb.gz',
    'metrics-before.txt.gz',
    'metrics.txt.gz',
    'mutex.pb.gz',
    'version.json',
  ])
  expect(statSync(folder).mode & 0o077).toBe(0)
  expect(statSync(join(folder, 'heap.pb.gz')).mode & 0o077).toBe(0)
  const manifest = JSON.parse(readFileSync(join(folder, 'capture.json'), 'utf8'))
  expect(manifest).toMatchObject({
    version: 1,
    status: 'complete',
    component: 'etcd',
    instance: 'one',
    kubernetesVersion: 'v1.37.1',
    goVersion: 'go1.26.8',
    seconds: 1,
  })
  expect(error).toContain('etcd one\n')
  expect(error).toContain('cpu.pb.gz: measuring for 1 s\n')
  expect(error).toContain(`the capture is in ${folder}`)
  expect(out).toMatch(/cpu\.pb\.gz: cpu, etcd/)
})

test('a person at a terminal sees a bar while the process is measured, and then it is gone', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const args = [await serve(answerWell), '--profiles', 'cpu', '--seconds', '2', '-o', folder]
  const { error } = await run(args, { isTerminal: true })
  expect(error).toMatch(/cpu\.pb\.gz +░+ 0 of 2 s/)
  expect(error).toMatch(/█+░+ 1 of 2 s/)
  const [, last = ''] = /.*\r(.*)$/s.exec(error) ?? []
  expect(last.replace('\u001b[K', '')).toMatch(/^ {2}cpu\.pb\.gz +[\d.]+ KiB/)
})

test('--json prints what was taken and the diagnosis as one object', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const origin = await serve(answerWell)
  const { out } = await run([origin, '--profiles', 'heap', '--json', '-o', folder])
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    captures: [
      {
        folder,
        status: 'complete',
        parts: [{ kind: 'heap', state: 'taken' }],
        report: { version: 1 },
      },
    ],
  })
})

test('failed parts are reported with the reason, the others are kept, and the exit code shows it', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const origin = await serve((request, reply) => {
    if (request.url?.includes('/heap') === true) reply.writeHead(404).end('no\u001b[31m such')
    else answerWell(request, reply)
  })
  const { code, error } = await run([origin, '--profiles', 'heap,goroutine', '-o', folder])
  expect(code).toBe(3)
  expect(error).toMatch(/heap\.pb\.gz +failed: .*answered 404 to \/debug\/pprof\/heap/)
  expect(error).not.toContain('\u001b')
  expect(error).toContain(`what was taken is in ${folder}`)
  expect(readdirSync(folder).sort()).toEqual(['capture.json', 'goroutine.pb.gz'])
})

test('a process that is not there makes no capture', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const { code, error } = await run(['http://127.0.0.1:1', ...QUICK, '-o', folder])
  expect(code).toBe(3)
  expect(error).toMatch(/kubeprof capture: .*127\.0\.0\.1:1.*refused/)
})

test('a Unix socket is a process too', async () => {
  const folder = await temporaryDirectory()
  const socket = join(folder, 'debug.sock')
  const server = createServer(answerWell).listen(socket)
  onTestFinished(() => void server.close())
  const output = join(folder, 'capture')
  const forms = [
    [`unix://${socket}`, '--component', 'containerd'],
    ['--containerd', socket],
  ]
  for (const [index, form] of forms.entries()) {
    const args = [...form, '--profiles', 'heap', '-o', `${output}${index}`]
    expect((await run(args)).code).toBe(0)
    const text = readFileSync(join(`${output}${index}`, 'capture.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ component: 'containerd' })
  }
})

test('each etcd of --endpoints is captured, into separate folders', async () => {
  const folder = join(await temporaryDirectory(), 'captures')
  const [one, two] = [await serve(answerWell), await serve(answerWell)]
  const endpoints = ['--etcd', '--endpoints', `${one},${two}`]
  expect((await run([...endpoints, '--profiles', 'heap', '-o', folder])).code).toBe(0)
  const names = [one, two].map((origin) => new URL(origin).host.replace(':', '-'))
  expect(readdirSync(folder).sort()).toEqual(names.sort())
})

test('a token reaches the target from its file, and is nowhere in what is printed or written', async () => {
  const folder = await temporaryDirectory()
  const token = join(folder, 'token')
  writeFileSync(token, 'secret-of-the-target\n')
  const seen: unknown[] = []
  const origin = await serve((request, reply) => {
    seen.push(request.headers.authorization)
    answerWell(request, reply)
  })
  const output = join(folder, 'capture')
  const args = [origin, '--token-file', token, '--profiles', 'heap', '-o', output]
  const { out, error } = await run(args)
  expect(seen).toEqual(['Bearer secret-of-the-target'])
  const manifest = readFileSync(join(output, 'capture.json'), 'utf8')
  expect(out + error + manifest).not.toContain('secret-of-the-target')
})

test('--push uploads the capture as a bundle, with the token of the environment', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const seen: unknown[] = []
  const server = await serve(takeBundle(seen))
  const args = [await serve(answerWell), '--profiles', 'heap', '-o', folder, '--push', server]
  const { code, error } = await run(args, { env: { KUBEPROF_TOKEN: 'secret' } })
  expect(code).toBe(0)
  expect(error).toContain(`pushed: ${server}/captures/1`)
  expect(seen).toEqual([
    { url: '/api/v1/captures?origin=command', authorization: 'Bearer secret', isGzip: true },
  ])
})

test('--every goes on until it is ended, and keeps what could not be pushed alone', async () => {
  const folder = join(await temporaryDirectory(), 'captures')
  const seen: unknown[] = []
  const server = await serve(takeBundle(seen))
  const args = ['capture', await serve(answerWell), '--profiles', 'heap', '--every', '30s']
  const child = spawn(KUBEPROF, [...args, '--output', folder, '--push', server], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let error = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  await until(() => error.includes('pushed:'))
  await until(() => readdirSync(folder).length === 0)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  expect(seen).toHaveLength(1)
})

test('a bundle that the server refuses is reported, and the folder stays', async () => {
  const folder = join(await temporaryDirectory(), 'capture')
  const server = await serve((_request, reply) => {
    reply.writeHead(401).end('{"error":{"message":"Who are you?"}}')
  })
  const args = [await serve(answerWell), '--profiles', 'heap', '-o', folder, '--push', server]
  const { code, error } = await run(args)
  expect(code).toBe(3)
  expect(error).toContain('did not take it: Who are you?')
  expect(readdirSync(folder)).toContain('heap.pb.gz')
})

test('a log level that a killed capture left raised is put back by the next one', async () => {
  const state = await temporaryDirectory()
  const levels: string[] = []
  const origin = await serve((request, reply) => {
    if (request.method !== 'PUT') return answerWell(request, reply)
    request.on('data', (chunk: Buffer) => levels.push(chunk.toString()))
    request.on('end', () => reply.end('successfully set klog.logging.verbosity'))
  })
  const raise = ['--verbosity', '4', '--verbosity-after', '2', '--profiles', 'cpu']
  const child = spawn(
    KUBEPROF,
    ['capture', origin, ...raise, '--seconds', '60', '-o', join(state, 'killed')],
    { env: { ...process.env, XDG_STATE_HOME: state }, stdio: 'ignore' },
  )
  await until(() => levels.length > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const args = [origin, '--profiles', 'heap', '-o', join(state, 'next')]
  const { error } = await run(args, { env: { XDG_STATE_HOME: state } })
  expect(levels).toEqual(['4', '2'])
  expect(error).toContain('left raised by an earlier command, is 2 again')
})

test('captures do not mix: a folder with something in it is refused', async () => {
  const folder = await temporaryDirectory()
  mkdirSync(join(folder, 'older'))
  const { code, error } = await run([await serve(answerWell), '-o', folder])
  expect(code).toBe(2)
  expect(error).toContain(`"${folder}" is not empty`)
  expect(readdirSync(folder).map((name) => basename(name))).toEqual(['older'])
})

test.each([
  [['ftp://x'], /not an address such as http:\/\/10\.0\.0\.1:6060/],
  [['http://x', 'http://y'], /one address is enough, but there is "http:\/\/y" too/],
  [['http://x', '--seconds', '7.5'], /--seconds is a whole number from 1 to 120, not "7\.5"/],
  [['http://x', '--profiles', 'cpu,heep'], /--profiles has no "heep"; did you mean heap\?/],
  [['http://x', '--every', '5s'], /--every is a time of 30s or more/],
  [['http://x', '--cert', 'a.pem'], /--cert and --key go together, but --key is missing/],
  [['http://x', '--push', 'x'], /--push is the address of a server/],
  [['--etcd'], /--etcd needs --endpoints/],
  [['--component', 'kubelet'], /say which --node, or --all-instances/],
  [['--component', 'nginx'], /--component in a cluster is one of kube-apiserver, kubelet, /],
  [['--pod', 'a/b:1', '--check'], /--check does not work with --pod/],
  [['--pod', 'nginx'], /--pod is NAMESPACE\/NAME:PORT, not "nginx"/],
  [['--fail-on', 'bad', 'http://x'], /--fail-on is one of/],
])('wrong usage %j is reported in a sentence before the first request', async (args, message) => {
  const { code, error } = await run(args)
  expect(code).toBe(2)
  expect(error).toMatch(message)
})

test('--check takes nothing, and says what is reached and what is not', async () => {
  const { code, out } = await run([await serve(answerWell), '--check'])
  expect(code).toBe(0)
  expect(out).toMatch(/^fine +.*answers \/debug\/pprof\/goroutine$/m)
  const bad = await run(['http://127.0.0.1:1', '--check'])
  expect(bad.code).toBe(3)
  expect(bad.out).toMatch(/^fault +.*refused/m)
})

test('without a kubeconfig it says where it looked', async () => {
  const { code, error } = await run(['--kubeconfig', '/no/such/file'])
  expect(code).toBe(3)
  expect(error).toContain('there is no kubeconfig /no/such/file')
})

function takeBundle(seen: unknown[]): RequestListener {
  return (request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { url, headers } = request
      const isGzip = Buffer.concat(chunks).readUInt16BE() === 0x1f8b
      seen.push({ url, authorization: headers.authorization, isGzip })
      reply.writeHead(201).end('{"links":{"web":"/captures/1","self":"/api/v1/captures/1"}}')
    })
  }
}
