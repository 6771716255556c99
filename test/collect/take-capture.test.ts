import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { METRIC_NAMES, planCapture } from '../../collect/index.ts'
import { filterMetrics } from '../../collect/take/filter-metrics.ts'
import { isEmptyProfile } from '../../collect/take/is-empty-profile.ts'
import { BUILT_IN_RULES, rulesIn } from '../../judge/index.ts'
import { answerWell, captureOf, CPU_PROFILE, serve } from './fake-process.ts'

describe('a plan', () => {
  test('takes CPU first, with metrics around it, then what disturbs least', () => {
    const { parts } = planCapture('kube-apiserver', { seconds: 10, kinds: null })
    expect(parts.map(({ fileName }) => fileName)).toEqual([
      'metrics-before.txt.gz',
      'cpu.pb.gz',
      'goroutine.pb.gz',
      'metrics.txt.gz',
      'heap.pb.gz',
      'goroutineleak.pb.gz',
      'block.pb.gz',
      'version.json',
      'statusz.txt',
      'flagz.txt',
    ])
  })

  test('has a mutex profile where it can hold anything', () => {
    expect(kindsOf('kube-scheduler')).not.toContain('mutex')
    expect(kindsOf('etcd')).toContain('mutex')
    expect(kindsOf(null)).toContain('mutex')
  })

  test('waits for the first byte of a profile as long as it is measured, and 15 s more', () => {
    const [cpu] = planCapture(null, { seconds: 100, kinds: ['cpu'] }).parts
    expect(cpu).toMatchObject({
      headersMsMax: 115_000,
      wholeMsMax: 160_000,
      path: '/profile?seconds=100',
    })
  })

  test.each([0.5, 7.5, 0, -1, 121, Number.NaN])('of %d seconds is refused', (seconds) => {
    expect(() => planCapture(null, { seconds, kinds: null })).toThrow(
      `seconds is ${seconds}, and must be a whole number from 1 to 120.`,
    )
  })

  test('takes deltas, a heap after garbage collection, and a trace on demand', () => {
    const { parts } = planCapture(null, {
      seconds: 1,
      kinds: ['heap', 'allocs', 'mutex', 'trace', 'goroutine-text'],
      deltaSeconds: 5,
      collectsGarbage: true,
      traceSeconds: 0.5,
    })
    expect(parts.map(({ path }) => path)).toEqual([
      '/heap?gc=1',
      '/allocs?seconds=5',
      '/mutex?seconds=5',
      '/trace?seconds=0.5',
      '/goroutine?debug=2',
    ])
  })

  test('takes no more of a part than may be stored, but for metrics, of which little is', () => {
    const kinds = ['heap', 'trace', 'metrics'] as const
    const bytesOf = planCapture(null, { seconds: 1, kinds, bytesMax: 1000 }).parts.map(
      ({ bytesMax }) => bytesMax,
    )
    expect(bytesOf).toEqual([128 * 1024 ** 2, 1000, 1000])
  })

  test('raises no log level to where requests are logged with what they carry', () => {
    expect(() => planRaise(8, 2)).toThrow('from 8 on the log gets what requests carry')
    expect(() => planRaise(4, Number.NaN)).toThrow('The log level to restore is unknown')
  })
})

describe('a capture', () => {
  test('has each part as the process gave it, and what process it was', async () => {
    const url = await serve(answerWell)
    const kinds = ['cpu', 'metrics', 'version', 'trace', 'goroutine-text'] as const
    const outcome = await captureOf({ url, kinds })
    expect(outcome).toMatchObject({
      status: 'complete',
      seconds: 1,
      kubernetesVersion: 'v1.37.1',
      goVersion: 'go1.26.8',
      error: null,
    })
    const textOf = (name: string) => gunzipSync(outcome.files.get(name) ?? '').toString()
    expect(outcome.files.get('cpu.pb.gz')?.equals(CPU_PROFILE)).toBe(true)
    expect(textOf('metrics.txt.gz')).toBe('go_info{version="go1.26.8"} 1\n')
    expect(textOf('goroutine-debug2.txt.gz')).toMatch(/^goroutine 1 \[running\]/)
    expect(outcome.files.get('trace.out')?.subarray(0, 13).toString()).toBe('go 1.26 trace')
    expect(outcome.parts.every(({ note }) => note === null)).toBe(true)
  })

  test('begins with the CPU when the page of metrics does not come within 3 s', async () => {
    let isSilent = true
    const url = await serve((request, reply) => {
      if (request.url !== '/metrics' || !isSilent) answerWell(request, reply)
      else isSilent = false
    })
    const outcome = await captureOf({ url, kinds: ['cpu', 'metrics', 'goroutine'] })
    const states = outcome.parts.map(({ fileName, state }) => [fileName, state])
    expect(states.slice(0, 3)).toEqual([
      ['metrics-before.txt.gz', 'skipped'],
      ['cpu.pb.gz', 'taken'],
      ['goroutine.pb.gz', 'taken'],
    ])
  })

  test('lists leaked goroutines, status and flags only of a process that offers them', async () => {
    const offered = new Set<string>()
    const url = await serve((request, reply) => {
      const path = (request.url ?? '').replace(/\?.*/, '')
      if (!/goroutineleak|statusz|flagz/.test(path)) answerWell(request, reply)
      else if (offered.has(path)) reply.end(path.includes('leak') ? CPU_PROFILE : 'v=2')
      else reply.writeHead(path === '/flagz' ? 403 : 404).end()
    })
    const captured = async () => {
      const { parts, status } = await captureOf({
        url,
        kinds: null,
        target: { component: 'kube-scheduler' },
      })
      return {
        status,
        names: parts.map(({ fileName }) => fileName).filter((name) => /leak|z\.txt/.test(name)),
      }
    }
    expect(await captured()).toEqual({ status: 'complete', names: [] })
    for (const path of ['/debug/pprof/goroutineleak', '/statusz', '/flagz']) offered.add(path)
    expect(await captured()).toEqual({
      status: 'complete',
      names: ['goroutineleak.pb.gz', 'statusz.txt', 'flagz.txt'],
    })
  })

  test('of a process below a path asks below it', async () => {
    const asked: unknown[] = []
    const url = await serve((request, reply) => {
      asked.push(request.url)
      reply.end(CPU_PROFILE)
    })
    await captureOf({ url: `${url}/proxied/debug/pprof/`, kinds: ['heap', 'healthz'] })
    expect(asked).toEqual(['/proxied/debug/pprof/heap', '/proxied/healthz'])
  })

  test('notes that a profile was shorter than asked for', async () => {
    const url = await serve((_, reply) => reply.end(CPU_PROFILE))
    const plan = planCapture(null, { seconds: 120, kinds: ['cpu'] })
    const { parts, status } = await captureOf({ url, plan })
    expect({ status, note: parts[0]?.note }).toEqual({
      status: 'complete',
      note: expect.stringMatching(/^PROFILE_SHORT: it was over after \d+\.\d of 120 s$/),
    })
  })

  test('notes what the process lacks without failing', async () => {
    const url = await serve((request, reply) => {
      if (request.url === '/version') reply.writeHead(404).end('404 page not found')
      else answerWell(request, reply)
    })
    const { parts, status } = await captureOf({ url, kinds: ['heap', 'version'] })
    expect(status).toBe('complete')
    expect(parts[1]).toMatchObject({ state: 'skipped', error: null })
    expect(parts[1]?.note).toContain('This process has no such page.')
  })

  test('keeps the answer of an unhealthy process', async () => {
    const url = await serve((_, reply) =>
      reply.writeHead(500).end('[-]etcd failed: reason withheld'),
    )
    const { files, parts } = await captureOf({ url, kinds: ['healthz'] })
    expect(files.get('healthz.txt')?.toString()).toContain('[-]etcd failed')
    expect(parts[0]?.note).toBe('The process reports that it is unhealthy.')
  })

  test('asks again where a kept connection was closed meanwhile', async () => {
    const served = new Map<unknown, number>()
    const url = await serve((request, reply) => {
      const count = (served.get(request.socket) ?? 0) + 1
      served.set(request.socket, count)
      if (count === 1) answerWell(request, reply)
      else request.socket.resetAndDestroy()
    })
    const { status } = await captureOf({ url, kinds: ['goroutine', 'heap'], isRetried: false })
    expect({ status, connections: served.size }).toEqual({ status: 'complete', connections: 2 })
  })

  test('that is ended keeps what was taken', async () => {
    const url = await serve((request, reply) => {
      // Of a CPU profile there is no answer.
      if (request.url === '/metrics') answerWell(request, reply)
    })
    const end = new AbortController()
    const outcome = await captureOf({
      url,
      kinds: ['metrics', 'cpu'],
      plan: {
        parts: planCapture(null, { seconds: 60, kinds: ['metrics', 'cpu'] }).parts,
      },
      signal: end.signal,
      onProgress: (progress) => {
        if (progress.event === 'begins' && progress.kind === 'cpu')
          setTimeout(() => end.abort(), 50)
      },
    })
    expect(outcome.status).toBe('cancelled')
    expect(outcome.parts.map(({ state }) => state)).toEqual(['taken', 'skipped', 'skipped'])
    expect([...outcome.files.keys()]).toEqual(['metrics-before.txt.gz'])
  })

  test('reports each part that begins and ends', async () => {
    const reported: string[] = []
    await captureOf({
      url: await serve(answerWell),
      kinds: ['goroutine', 'heap'],
      onProgress: (progress) => {
        const part = progress.event === 'ends' ? progress.part : progress
        reported.push(`${progress.event} ${part.fileName}`)
      },
    })
    expect(reported).toEqual([
      'begins goroutine.pb.gz',
      'ends goroutine.pb.gz',
      'begins heap.pb.gz',
      'ends heap.pb.gz',
    ])
  })

  test('uses one connection', async () => {
    const sockets = new Set<unknown>()
    const url = await serve((request, reply) => {
      sockets.add(request.socket)
      answerWell(request, reply)
    })
    await captureOf({ url, kinds: ['goroutine', 'heap', 'allocs', 'block'] })
    expect(sockets.size).toBe(1)
  })
})

describe('a page of metrics', () => {
  test('keeps the families that are named, whatever it is cut into', async () => {
    const page = [
      '# HELP a_total help',
      '# TYPE a_total counter',
      'a_total{x="1"} 1',
      'a_total_other 2',
      'b_seconds_bucket{le="1"} 3',
      'b_seconds_sum 4.5',
      'c 5',
    ].join('\n')
    const kept =
      '# TYPE a_total counter\na_total{x="1"} 1\nb_seconds_bucket{le="1"} 3\nb_seconds_sum 4.5\n'
    for (const pieceLength of [1, 7, 10_000]) expect(await keep(page, pieceLength)).toBe(kept)
  })

  test('keeps every metric that a rule reads or mentions', () => {
    const [named, missing] = [new Set<string>(), new Set<string>()]
    for (const file of rulesIn(BUILT_IN_RULES)) {
      for (const name of metricsIn(readFileSync(file, 'utf8'))) {
        named.add(name)
        const names = [name, name.replace(/_(?:bucket|sum|count)$/, '')]
        if (!names.some((one) => METRIC_NAMES.has(one))) missing.add(name)
      }
    }
    expect([...missing].filter((name) => !ELSEWHERE.test(name))).toEqual([])
    expect(named.size).toBeGreaterThan(60)
  })
})

/** On other pages: cAdvisor exposes those of containers, and an API server those of requests that a client waits for. */
const ELSEWHERE = /^(?:container_|apiserver_request_duration_seconds_bucket$)/
const METRIC =
  /\b(?:aggregator|apiserver|authentication|authorization|container|controller_runtime|etcd|go|grpc_server|kubelet|kubeproxy|kubernetes|process|rest_client|scheduler|workqueue)_[a-z0-9_]+/g

/** Names of metrics in the queries of a rule's file. */
function metricsIn(file: string): string[] {
  const queries = file.match(/\bmetric: ?.*|\bquery: ?.*|\bmetrics?:\n(?: +.*\n)*/g) ?? []
  return queries.flatMap((query) => query.match(METRIC) ?? [])
}

test('an empty profile is recognized, unlike one with samples or damaged bytes', () => {
  const [sampleType, sample, time] = [
    [0x0a, 2, 8, 1],
    [0x12, 0],
    [0x48, 5],
  ]
  expect(isEmptyProfile(gzipSync(Buffer.of(...sampleType, ...time)))).toBe(true)
  expect(isEmptyProfile(gzipSync(Buffer.of(...sampleType, ...sample, ...time)))).toBe(false)
  expect(isEmptyProfile(CPU_PROFILE)).toBe(false)
  expect(isEmptyProfile(Buffer.from('no gzip'))).toBe(false)
})

test('an empty mutex profile is noted, because it shows nothing about contention', async () => {
  const empty = gzipSync(Buffer.of(0x0a, 2, 8, 1))
  const { parts } = await captureOf({
    url: await serve((_, reply) => reply.end(empty)),
    kinds: ['block', 'mutex'],
  })
  expect(parts.map(({ state, note }) => [state, note?.split(':')[0]])).toEqual([
    ['taken', 'It is empty'],
    ['taken', 'It is empty'],
  ])
})

function kindsOf(component: string | null): string[] {
  return planCapture(component, { seconds: 1, kinds: null }).parts.map(({ kind }) => kind)
}

function planRaise(level: number, restoreTo: number): void {
  planCapture(null, { seconds: 1, kinds: null, verbosity: { level, restoreTo } })
}

/** What is kept of a page that comes in pieces. */
async function keep(page: string, pieceLength = page.length): Promise<string> {
  const facts = { kubernetesVersion: null, goVersion: null }
  async function* pieces() {
    for (let at = 0; at < page.length; at += pieceLength)
      yield Buffer.from(page.slice(at, at + pieceLength))
  }
  let kept = ''
  const names = new Set(['a_total', 'b_seconds'])
  for await (const bytes of filterMetrics(pieces(), names, facts)) kept += bytes.toString()
  return kept
}
