import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { get, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { parseAllDocuments } from 'yaml'
import {
  childrenOf,
  killAll,
  type KubeprofProcess,
  startKubeprof,
} from '../chaos/kubeprof-process.ts'
import { uniqueProfile } from '../chaos/unique-profile.ts'
import { startFakeFleet } from '../collect/fake-fleet.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { until } from '../until.ts'

/** A file that does not fit into the buffers between a server and a reader that has stopped reading. */
const LARGE_BYTES = 32 * 1024 * 1024
/** Leases that no test waits for. */
const ENV = {
  KUBEPROF_WORKER_LEASE_MS: '3600000',
  KUBEPROF_COLLECT_LEASE_MS: '3600000',
  KUBEPROF_COLLECT_TICK_MS: '50',
  KUBEPROF_COLLECT_INTERVAL_MS_MIN: '100',
}

const WithStatus = Type.Object({ status: Type.String() })
const Uploaded = Type.Object({ links: Type.Object({ self: Type.String() }) })
const Profile = Type.Object({ profile: WithStatus })
const Captures = Type.Object({ items: Type.Array(WithStatus) })

afterEach(killAll)

test('a server stops though an upload and a download have stalled, and ends an upload that goes on', async () => {
  const server = await startServer(await temporaryDirectory())
  const large = Buffer.concat([uniqueProfile(), randomBytes(LARGE_BYTES)])
  const download = await stalledDownload(`${await upload(server, large)}/raw`)
  const [stalled, going] = [await halfUpload(server), await halfUpload(server)]
  const code = codeWithin(graceMsOf('api'), server)
  await until(async () => (await fetch(server.url).catch(() => null)) === null)
  expect(await going.finish()).toBe(201)
  expect(await code).toBe(0)
  stalled.destroy()
  download.destroy()
})

test('a worker stops while an analysis stands still, and gives it back', async () => {
  const data = await temporaryDirectory()
  const server = await startServer(data)
  const worker = await startKubeprof(['work', '--data', data], { env: ENV })
  const first = await upload(server, uniqueProfile())
  await until(async () => (await statusAt(first)) === 'ready')
  for (const decoder of childrenOf(worker.pid)) process.kill(decoder, 'SIGSTOP')
  const profile = await upload(server, uniqueProfile())
  await until(async () => (await statusAt(profile)) === 'analysing')
  expect(await codeWithin(graceMsOf('worker'), worker)).toBe(0)
  expect(await statusAt(profile)).toBe('received')
  await startKubeprof(['work', '--data', data], { env: ENV })
  await until(async () => (await statusAt(profile)) === 'ready')
})

test('a collector stops while a process does not answer, and keeps what it has taken', async () => {
  const data = await temporaryDirectory()
  const fleet = await startFakeFleet()
  fleet.answer('slow', (asked, reply) => {
    if (asked.url?.includes('heap') !== true) reply.end('')
  })
  const targets = join(data, 'targets.yaml')
  await writeFile(
    targets,
    `targets: [{ name: slow, kind: go, url: '${fleet.url('slow')}' }]
profileSets: { quick: { goroutine: {}, heap: {} } }
schedules: [{ name: s, targets: [slow], every: 1s, take: quick }]`,
  )
  const server = await startServer(data)
  const collector = await startKubeprof(['collect', '--data', data, '--targets', targets], {
    env: ENV,
  })
  await until(async () => (await captureStates(server)).includes('running'))
  await until(() => fleet.record('slow').openCount > 0)
  expect(await codeWithin(graceMsOf('collector'), collector)).toBe(0)
  expect(await captureStates(server)).not.toContain('running')
})

/** What a manifest of deploy/kubernetes grants after its hook. */
function graceMsOf(part: string): number {
  const file = new URL(`../../deploy/kubernetes/scaled-out/${part}.yaml`, import.meta.url)
  const pods = parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const { spec } = document.toJS()?.spec?.template ?? {}
    return spec === undefined ? [] : [spec]
  })
  const [{ terminationGracePeriodSeconds, containers }] = pods
  const [, sleepSeconds = '0'] = containers[0].lifecycle?.preStop?.exec?.command ?? []
  return (terminationGracePeriodSeconds - Number(sleepSeconds)) * 1000
}

/** Asks a process to end, as Kubernetes does: the exit code, or null when it had to be killed. */
async function codeWithin(graceMs: number, asked: KubeprofProcess): Promise<number | null> {
  const kill = setTimeout(() => process.kill(asked.pid, 'SIGKILL'), graceMs)
  const code = await asked.end('SIGTERM')
  clearTimeout(kill)
  return code
}

function startServer(data: string): Promise<KubeprofProcess> {
  return startKubeprof(['serve', '--roles', 'api', '--port', '0', '--data', data], { env: ENV })
}

/** Returns the address of the profile. */
async function upload({ url }: KubeprofProcess, bytes: Uint8Array): Promise<string> {
  const reply = await fetch(`${url}/api/v1/profiles`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })
  const { links } = Value.Parse(Uploaded, await reply.json())
  return url + links.self
}

/** An upload of which the server has the first bytes. */
async function halfUpload({ url }: KubeprofProcess) {
  const bytes = uniqueProfile()
  const post = request(`${url}/api/v1/profiles`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      expect: '100-continue',
    },
  })
  const status = new Promise<number | undefined>((resolve) => {
    post.on('response', (reply) => resolve(reply.resume().statusCode))
    post.on('error', () => resolve(undefined))
  })
  await new Promise((resolve) => post.on('continue', resolve))
  post.write(bytes.subarray(0, 10))
  return {
    destroy: () => post.destroy(),
    finish() {
      post.end(bytes.subarray(10))
      return status
    },
  }
}

/** A download that its reader has stopped reading. */
async function stalledDownload(url: string): Promise<IncomingMessage> {
  const reply = await new Promise<IncomingMessage>((resolve) => get(url, resolve))
  reply.on('error', () => undefined)
  reply.pause()
  return reply
}

async function statusAt(address: string): Promise<string> {
  const reply = await fetch(address)
  return Value.Parse(Profile, await reply.json()).profile.status
}

async function captureStates({ url }: KubeprofProcess): Promise<readonly string[]> {
  const reply = await fetch(`${url}/api/v1/captures`)
  return Value.Parse(Captures, await reply.json()).items.map(({ status }) => status)
}
