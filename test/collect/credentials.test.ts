import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openClusterAccess } from '../../collect/reach/kube/cluster-access.ts'
import { heldCredentials } from '../../collect/reach/net/credentials.ts'
import { DEFAULT_TLS } from '../../collect/index.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { answerWell, captureOf, serve } from './fake-process.ts'

const NO_FILES = {
  from: 'files',
  tls: DEFAULT_TLS,
  tokenFile: null,
  basic: null,
  certFile: null,
  keyFile: null,
} as const

describe('a token in a file', () => {
  test('that was rotated is read again when the old one is refused', async () => {
    const tokenFile = join(await temporaryDirectory(), 'token')
    writeFileSync(tokenFile, 'old\n')
    const seen: unknown[] = []
    const url = await serve((request, reply) => {
      seen.push(request.headers.authorization)
      if (request.headers.authorization === 'Bearer new') answerWell(request, reply)
      else {
        writeFileSync(tokenFile, 'new\n')
        reply.writeHead(401).end()
      }
    })
    const target = { credentials: { ...NO_FILES, tokenFile } }
    const outcome = await captureOf({ url, kinds: ['goroutine', 'heap'], target })
    expect(outcome.status).toBe('complete')
    expect(seen).toEqual(['Bearer old', 'Bearer new', 'Bearer new'])
  })

  test('that is refused and is still the same is not sent twice', async () => {
    const tokenFile = join(await temporaryDirectory(), 'token')
    writeFileSync(tokenFile, 'hush-hush')
    let count = 0
    const url = await serve((_, reply) => {
      count++
      reply.writeHead(401).end('Unauthorized')
    })
    const { error } = await captureOf({
      url,
      target: { credentials: { ...NO_FILES, tokenFile } },
    })
    expect({ code: error?.code, count }).toEqual({ code: 'TARGET_UNAUTHENTICATED', count: 1 })
    expect(JSON.stringify([error, error?.message, error?.stack])).not.toContain('hush')
  })

  test('that holds more than a token is not sent', async () => {
    const tokenFile = join(await temporaryDirectory(), 'token')
    writeFileSync(tokenFile, 'hush\r\nx-admin: yes')
    const url = await serve(answerWell)
    const { error } = await captureOf({ url, target: { credentials: { ...NO_FILES, tokenFile } } })
    expect(error?.code).toBe('TARGET_CREDENTIALS')
    expect(JSON.stringify([error?.message, error?.details])).not.toContain('hush')
  })

  test('that is absent is reported with its path', async () => {
    const tokenFile = join(await temporaryDirectory(), 'token')
    const url = await serve(answerWell)
    const capture = captureOf({ url, target: { credentials: { ...NO_FILES, tokenFile } } })
    await expect(capture).rejects.toMatchObject({
      code: 'TARGET_CREDENTIALS',
      message: `The target has a token in ${tokenFile}, which cannot be read: ENOENT.`,
    })
  })
})

test('a name and the password in a file are sent, over http with a warning', async () => {
  const passwordFile = join(await temporaryDirectory(), 'password')
  writeFileSync(passwordFile, 'open sesame\n')
  const seen: unknown[] = []
  const url = await serve((request, reply) => {
    seen.push(request.headers.authorization)
    answerWell(request, reply)
  })
  const basic = { username: 'ali', passwordFile }
  const { notes } = await captureOf({ url, target: { credentials: { ...NO_FILES, basic } } })
  expect(seen).toEqual([`Basic ${Buffer.from('ali:open sesame').toString('base64')}`])
  expect(notes).toEqual(['Credentials are sent to it over http, readable by the network.'])
})

test('what a user names over HTTP gets no credentials, whatever the target says', async () => {
  const tokenFile = join(await temporaryDirectory(), 'token')
  writeFileSync(tokenFile, 'secret')
  const seen: unknown[] = []
  const url = await serve((request, reply) => {
    seen.push(request.headers.authorization)
    answerWell(request, reply)
  })
  await captureOf({
    url,
    target: { namedBy: 'user', credentials: { ...NO_FILES, tokenFile } },
    reach: { allow: ['127.0.0.0/8'] },
  })
  expect(seen).toEqual([undefined])
})

test('a Unix socket is used, and reported when it is absent', async () => {
  const socketPath = join(await temporaryDirectory(), 'debug.sock')
  const target = { component: 'containerd', find: { kind: 'unix', socketPath } } as const
  const absent = await captureOf({ url: '', target, isRetried: false })
  expect(absent.error).toMatchObject({
    code: 'TARGET_UNREACHABLE',
    message: `containerd at ${socketPath} does not exist (ENOENT).`,
  })
  const server = createServer(answerWell).listen(socketPath)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const outcome = await captureOf({ url: '', target })
  expect(outcome).toMatchObject({ status: 'complete', notes: [] })
})

test('what a user names is a URL and nothing else', async () => {
  const find = { kind: 'unix', socketPath: '/run/containerd/debug.sock' } as const
  await expect(captureOf({ url: '', target: { namedBy: 'user', find } })).rejects.toMatchObject({
    code: 'TARGET_INVALID',
  })
})

test('a process that answers with what it was asked does not get credentials into the error', async () => {
  const folder = await temporaryDirectory()
  const [tokenFile, passwordFile] = [join(folder, 'token'), join(folder, 'password')]
  writeFileSync(tokenFile, 'tok-hush-en')
  writeFileSync(passwordFile, 'open-hush-sesame')
  const url = await serve((request, reply) => {
    const { authorization = '' } = request.headers
    const decoded = Buffer.from(authorization.split(' ')[1] ?? '', 'base64').toString()
    reply.writeHead(400).end(`you sent ${authorization}, which is ${decoded}`)
  })
  const basic = { username: 'ali', passwordFile }
  for (const credentials of [
    { ...NO_FILES, tokenFile },
    { ...NO_FILES, basic },
  ]) {
    const { error } = await captureOf({ url, target: { credentials } })
    expect(error?.message).toContain('you sent')
    expect(error?.message).not.toContain('hush')
    expect(error?.message).not.toContain(Buffer.from('ali:open-hush-sesame').toString('base64'))
  }
})

test('a password in a URL is refused, and not repeated', async () => {
  const capture = captureOf({ url: 'http://ali:sesame@127.0.0.1/' })
  await expect(capture).rejects.toMatchObject({
    code: 'TARGET_INVALID',
    message: 'fake has a name or password in its URL; give them as credentials.',
  })
})

describe('credentials of a plugin', () => {
  test('are asked for once, however many want them', async () => {
    const { open, countRuns } = await withPlugin('{"token":"t"}')
    const access = open(true)
    const read = await Promise.all([access.read(), access.read(), access.read()])
    expect(read.map(({ headers }) => headers['authorization'])).toEqual(Array(3).fill('Bearer t'))
    expect(countRuns()).toBe(1)
  })

  test('are asked for again a minute before they are over', async () => {
    const expiry = '"expirationTimestamp":"2026-01-01T00:10:00Z"'
    const { open, pass, countRuns } = await withPlugin(`{"token":"t",${expiry}}`)
    const access = open(true)
    await access.read()
    pass(8 * 60_000)
    await access.read()
    expect(countRuns()).toBe(1)
    pass(61_000)
    await access.read()
    expect(countRuns()).toBe(2)
  })

  test('without an end are good until they are refused', async () => {
    const { open, pass, countRuns } = await withPlugin('{"token":"t"}')
    const access = open(true)
    await access.read()
    pass(24 * 3600_000)
    await access.read()
    expect(countRuns()).toBe(1)
    await access.read(true)
    expect(countRuns()).toBe(2)
    // A server that refuses everything does not make people log in all the time.
    await access.read(true)
    expect(countRuns()).toBe(2)
  })

  test('that do not come in time are given up', async () => {
    const { open } = await withPlugin('{"token":"t"}', { sleeps: 20 })
    await expect(open(true, 200).read()).rejects.toMatchObject({
      code: 'TARGET_CREDENTIALS',
      message: expect.stringMatching(/the credential plugin .* did not end within 0 s/),
    })
  })

  test('are not asked for where programs may not be run', async () => {
    const { open, countRuns } = await withPlugin('{"token":"t"}')
    await expect(open(false).read()).rejects.toMatchObject({
      code: 'TARGET_CREDENTIALS',
      message: expect.stringContaining('which needs allowExec'),
    })
    expect(countRuns()).toBe(0)
  })
})

test('a pod in the cluster has the token that is mounted into it, and reads a new one in a minute', async () => {
  const folder = await temporaryDirectory()
  writeFileSync(join(folder, 'token'), 'first\n')
  writeFileSync(join(folder, 'ca.crt'), 'CA')
  let nowMs = 0
  const access = openClusterAccess({
    access: { kind: 'in-cluster' },
    env: { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' },
    isInteractive: false,
    pluginMsMax: 1000,
    now: () => nowMs,
    serviceAccountFolder: folder,
  })
  expect(await access.read()).toMatchObject({
    server: new URL('https://[fd00::1]'),
    headers: { authorization: 'Bearer first' },
    ca: 'CA',
    isVerified: true,
  })
  writeFileSync(join(folder, 'token'), 'second\n')
  nowMs += 30_000
  expect((await access.read()).headers['authorization']).toBe('Bearer first')
  nowMs += 31_000
  expect((await access.read()).headers['authorization']).toBe('Bearer second')
})

test('outside of a cluster there is no such token', async () => {
  const access = openClusterAccess({
    access: { kind: 'in-cluster' },
    env: {},
    isInteractive: false,
    pluginMsMax: 1000,
  })
  await expect(access.read()).rejects.toThrow('kubeprof does not run in it')
})

test('what cannot be read is tried again, by the next who asks', async () => {
  let count = 0
  const source = heldCredentials(async () => {
    count++
    await sleep(1)
    if (count === 1) throw new Error('not yet')
    return { value: count, untilMs: Infinity }
  })
  const [first, second] = await Promise.allSettled([source.read(), source.read()])
  expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
  expect(await source.read()).toBe(2)
})

/** A kubeconfig whose plugin counts its runs in a file and prints `status`. */
async function withPlugin(status: string, { sleeps = 0 }: { sleeps?: number } = {}) {
  const folder = await temporaryDirectory()
  const [plugin, runs] = [join(folder, 'plugin'), join(folder, 'runs')]
  const pause = sleeps === 0 ? '' : `exec sleep ${sleeps}\n`
  writeFileSync(plugin, `#!/bin/sh\necho run >>${runs}\n${pause}echo '{"status":${status}}'\n`)
  chmodSync(plugin, 0o755)
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: plugin,
    interactiveMode: 'Never',
  }
  const path = join(folder, 'config')
  writeFileSync(
    path,
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { exec } }],
    }),
  )
  let nowMs = Date.parse('2026-01-01T00:00:00Z')
  const open = (allowsExec: boolean, pluginMsMax = 30_000) =>
    openClusterAccess({
      access: { kind: 'kubeconfig', paths: [path], context: null, allowsExec },
      env: { PATH: process.env['PATH'] },
      isInteractive: false,
      pluginMsMax,
      now: () => nowMs,
    })
  return {
    open,
    pass: (forMs: number) => (nowMs += forMs),
    countRuns: () => (existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').length - 1 : 0),
  }
}
