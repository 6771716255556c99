import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ListFindingsReply } from '../../api/index.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { lacks } from '../requirements.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { START_MS_MAX } from './start-ms-max.ts'

/** An hour, a capture a minute; the captures follow each other as fast as they can be taken. */
const CAPTURES = 60
const ONSET = 30
const MINUTE_MS = 60_000
const CPU_SECONDS = 3
const PODS = 1000
const TEST_MS_MAX = 20 * MINUTE_MS

describe.skipIf(lacks('control-plane'))('a control plane captured every minute for an hour', () => {
  let cluster: ControlPlane
  let kubeprof: KubeprofProcess
  beforeAll(async () => {
    cluster = await startControlPlane()
    await cluster.kubectl(['create', 'namespace', 'load'])
    await cluster.load(['-mode', 'pods', '-namespace', 'load', '-n', String(PODS)])
    kubeprof = await startKubeprof(['serve', '--port', '0', '--data', join(cluster.folder, 'data')])
  }, START_MS_MAX)
  afterAll(async () => {
    await killAll()
    await cluster?.stop()
  })

  test(
    'one client that lists from etcd from the middle on is found and dated, and nothing else is claimed',
    async () => {
      // Whole minutes, as titles have them.
      const startMs = (Math.floor(Date.now() / MINUTE_MS) - CAPTURES) * MINUTE_MS
      const timeOf = (capture: number) => startMs + capture * MINUTE_MS
      const captureAt = (time: string) => Math.round((Date.parse(time) - startMs) / MINUTE_MS)
      const client = clientOf(cluster)
      const over = new AbortController()
      const loads: Promise<void>[] = []
      const begin = (load: Promise<void>) => {
        loads.push(load)
        // It is waited for in the end.
        load.catch(() => undefined)
      }
      begin(keepBusy(client, over.signal))
      // The first requests of a new server are behind it.
      await delay(10_000)
      for (let capture = 0; capture < CAPTURES; capture++) {
        if (capture === ONSET) begin(listFromEtcd(cluster, over.signal))
        const profiles = await Promise.all(processesOf(cluster).map((one) => client.profile(one)))
        for (const { target, bytes } of profiles) await upload(target, timeOf(capture), bytes)
      }
      over.abort()
      await Promise.all(loads)

      const { items } = await get<ListFindingsReply>('/findings?rule=x.regression')
      // What the client causes may be found in several places: reading from etcd, decoding and encoding.
      for (const { target, title, openedAt } of items) {
        expect(['kube-apiserver', 'etcd']).toContain(target)
        const [since = Number.NaN, latest = since] = datesIn(title).map(captureAt)
        // What has few samples is not known to the capture, and says so.
        expect([title, since <= ONSET + 1 && latest >= ONSET]).toEqual([title, true])
        expect([title, captureAt(openedAt) > latest]).toEqual([title, true])
      }
      const own = items.filter((one) => one.target === 'kube-apiserver' && one.state === 'open')
      expect(own.filter(({ title }) => datesIn(title).length === 1)).not.toEqual([])
      // What rises by little may be high in two captures in a row only later.
      const first = Math.min(...items.map(({ openedAt }) => captureAt(openedAt)))
      expect(first - 1).toSatisfy(isOnset)
    },
    TEST_MS_MAX,
  )

  async function upload(target: string, atMs: number, bytes: Uint8Array): Promise<void> {
    const parameters = new URLSearchParams({
      target,
      component: target,
      instance: 'a',
      type: 'cpu',
      time: new Date(atMs).toISOString(),
      // What is normal is known of the captures before when one is judged.
      wait: '60s',
    })
    const url = `${kubeprof.url}/api/v1/profiles?${parameters.toString()}`
    const reply = await fetch(url, { method: 'POST', body: Buffer.from(bytes) })
    expect(await reply.text()).toContain('"profile"')
    expect(reply.status).toBe(201)
  }

  async function get<Reply>(path: string): Promise<Reply> {
    const reply = await fetch(`${kubeprof.url}/api/v1${path}`)
    const text = await reply.text()
    expect({ path, status: reply.status, text }).toMatchObject({ status: 200 })
    return JSON.parse(text)
  }
})

/** One, or the earliest and the latest. */
function datesIn(title: string): readonly string[] {
  return [...title.matchAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d)/g)].map(
    ([, day, time]) => `${day}T${time}Z`,
  )
}

function isOnset(capture: unknown): boolean {
  return capture === ONSET || capture === ONSET + 1
}

interface Process {
  readonly target: string
  readonly url: string
}

function processesOf({ server, etcd, ports }: ControlPlane): readonly Process[] {
  return [
    { target: 'kube-apiserver', url: server },
    { target: 'etcd', url: etcd.url },
    { target: 'kube-controller-manager', url: `https://127.0.0.1:${ports.controllerManager}` },
    { target: 'kube-scheduler', url: `https://127.0.0.1:${ports.scheduler}` },
  ]
}

type Client = ReturnType<typeof clientOf>

/** Asks the processes of the control plane as its administrator. */
function clientOf({ kubeconfig, server, etcd }: ControlPlane) {
  const [{ user }] = JSON.parse(readFileSync(kubeconfig, 'utf8')).users
  // Controller-manager and scheduler sign their own certificates.
  const options = { keepAlive: true, rejectUnauthorized: false }
  const ownAgent = new Agent(options)
  const { cert, key } = etcd.client
  const etcdAgent = new Agent({ ...options, cert: readFileSync(cert), key: readFileSync(key) })
  const ask = (url: string, method = 'GET', body?: unknown): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${user.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/merge-patch+json' }),
      }
      const agent = url.startsWith(etcd.url) ? etcdAgent : ownAgent
      const asked = request(url, { agent, method, headers }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          const { statusCode = 0 } = reply
          if (statusCode < 300) resolve(Buffer.concat(chunks))
          else
            reject(new Error(`${method} ${url}: ${statusCode} ${Buffer.concat(chunks).toString()}`))
        })
      })
      asked.on('error', reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    api: (path: string, method?: string, body?: unknown) => ask(`${server}${path}`, method, body),
    async profile({ target, url }: Process) {
      return { target, bytes: await ask(`${url}/debug/pprof/profile?seconds=${CPU_SECONDS}`) }
    },
  }
}

const PODS_PATH = '/api/v1/namespaces/load/pods'

/** GETs, PATCHes and short LISTs, the same number each second as long as the machine keeps up. */
async function keepBusy({ api }: Client, signal: AbortSignal): Promise<void> {
  const { items } = JSON.parse(Buffer.from(await api(`${PODS_PATH}?limit=50`)).toString())
  const names: readonly string[] = items.map(
    (pod: { readonly metadata: { readonly name: string } }) => pod.metadata.name,
  )
  for (let turn = 0; !signal.aborted; turn++) {
    const name = names[turn % names.length] ?? ''
    await api(`${PODS_PATH}/${name}`)
    if (turn % 5 === 0) {
      const annotations = { turn: String(turn) }
      await api(`${PODS_PATH}/${name}`, 'PATCH', { metadata: { annotations } })
    }
    if (turn % 7 === 0) await api(`${PODS_PATH}?limit=20&resourceVersion=0`)
    await delay(40)
  }
}

/** All pods, again and again, which the API server reads from etcd. */
async function listFromEtcd({ load }: ControlPlane, signal: AbortSignal): Promise<void> {
  await load(['-mode', 'list', '-namespace', 'load', '-workers', '2', '-for', '30m'], signal)
}
