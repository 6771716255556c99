import { createServer as createTcpServer } from 'node:net'
import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { planCapture } from '../../collect/index.ts'
import { PATIENCE_MS } from '../patience.ts'
import { answerWell, captureOf, CPU_PROFILE, failedWith, listen, serve } from './fake-process.ts'

interface HeapLimits {
  readonly headersMsMax?: number
  readonly wholeMsMax?: number
}

/** The heap is asked for, and what came of it is judged. */
async function heapOf(listener: RequestListener, options: HeapLimits = {}) {
  const url = await serve(listener)
  const plan = planCapture('etcd', { seconds: 1, kinds: ['heap'] })
  const limits = {
    headersMsMax: PATIENCE_MS,
    wholeMsMax: PATIENCE_MS,
    bytesMax: 1024 * 1024,
    ...options,
  }
  const outcome = await captureOf({
    url,
    plan: { parts: plan.parts.map((part) => ({ ...part, ...limits })) },
  })
  return { ...outcome, part: outcome.parts[0] }
}

describe('a process that', () => {
  test('hangs before it answers is tried twice and given up', async () => {
    let count = 0
    const outcome = await heapOf(() => void count++, { headersMsMax: 2000 })
    expect(outcome).toMatchObject(failedWith('TARGET_TIMEOUT', 'did not answer within'))
    expect(count).toBe(2)
  })

  test('hangs in the middle of its answer is given up', async () => {
    const outcome = await heapOf((_, reply) => void reply.write(CPU_PROFILE.subarray(0, 600)), {
      wholeMsMax: 150,
    })
    expect(outcome).toMatchObject(failedWith('TARGET_TIMEOUT', 'did not end its answer'))
    expect(outcome.files.size).toBe(0)
  })

  test('answers garbage gives no profile', async () => {
    const outcome = await heapOf((_, reply) => reply.end('a'.repeat(2000)))
    expect(outcome).toMatchObject(
      failedWith(
        'PROFILE_INVALID',
        'answered /debug/pprof/heap with something other than a profile',
      ),
    )
  })

  test('answers nothing gives no profile', async () => {
    const outcome = await heapOf((_, reply) => reply.end())
    expect(outcome).toMatchObject(failedWith('PROFILE_INVALID', 'with nothing'))
  })

  test('resets the connection in the middle is asked once more', async () => {
    let count = 0
    const outcome = await heapOf((_, reply) => {
      count++
      reply.writeHead(200, { 'content-length': 100_000 })
      reply.write(CPU_PROFILE.subarray(0, 600))
      setTimeout(() => reply.socket?.resetAndDestroy(), 50)
    })
    expect(outcome).toMatchObject(
      failedWith('PROFILE_TRUNCATED', 'closed the connection before the answer was whole'),
    )
    expect(count).toBe(2)
  })

  test('ends a chunked answer too early is not taken for whole', async () => {
    const outcome = await heapOf((_, reply) => {
      reply.write(CPU_PROFILE.subarray(0, 600), () => reply.socket?.end())
    })
    expect(outcome).toMatchObject(failedWith('PROFILE_TRUNCATED', 'closed the connection'))
  })

  test('sends 200 MB is stopped at the limit, and not asked again', async () => {
    let sentBytes = 0
    let count = 0
    const piece = Buffer.concat([gzipSync(''), Buffer.alloc(64 * 1024)])
    const outcome = await heapOf((_, reply) => {
      count++
      const send = () => {
        let hasRoom = true
        while (hasRoom && sentBytes < 200e6) {
          sentBytes += piece.length
          hasRoom = reply.write(piece)
        }
        if (hasRoom) reply.end()
        else reply.once('drain', send)
      }
      send()
    })
    expect(outcome).toMatchObject(failedWith('PROFILE_TOO_LARGE', 'sent more than 1 MiB'))
    expect(count).toBe(1)
    expect(sentBytes).toBeLessThan(50e6)
  })

  test('redirects to a metadata service is not followed there', async () => {
    const asked: unknown[] = []
    const outcome = await heapOf((request, reply) => {
      asked.push(request.url)
      reply.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    })
    expect(outcome).toMatchObject(failedWith('TARGET_REDIRECTED', 'Redirects are not followed'))
    expect(asked).toEqual(['/debug/pprof/heap'])
  })

  test('shows a login page gives no profile', async () => {
    const page = '<!DOCTYPE html><title>Sign in</title>'
    const outcome = await heapOf((_, reply) => {
      reply.writeHead(200, { 'content-type': 'text/html' }).end(page)
    })
    expect(outcome).toMatchObject(failedWith('PROFILE_INVALID', 'a web page: a login page'))
  })

  test('compresses its answer unasked is refused', async () => {
    const outcome = await heapOf((_, reply) => {
      reply.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(CPU_PROFILE))
    })
    expect(outcome).toMatchObject(failedWith('PROFILE_INVALID', 'in the encoding gzip, unasked'))
  })

  test('sends headers without end is given up', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)
    })
    const outcome = await captureOf({ url: `http://127.0.0.1:${await listen(server)}` })
    expect(outcome).toMatchObject(failedWith('TARGET_RESPONSE_INVALID', 'too large headers'))
  })
})

/** Malformed and unrequested answers of a server. */
const oddities: readonly [string, string][] = [
  [
    'switches protocols',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
  ],
  ['has nothing to say', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['says a size below nothing', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['says two sizes', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n'],
  [
    'says a chunk without end',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n',
  ],
  ['has an unknown status', 'HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'],
  ['speaks something else', 'SSH-2.0-OpenSSH_9.7\r\n'],
  ['says nothing at all', ''],
]

test.each(oddities)('a process that %s has an error, and nothing else happens', async (_, text) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(text))
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  const { status, error } = await captureOf({ url })
  expect(status).toBe('failed')
  expect(error?.code).toMatch(/^(?:TARGET_RESPONSE_INVALID|TARGET_UNREACHABLE|PROFILE_TRUNCATED)$/)
})

const refusals: readonly [string, number, Record<string, string>, string, string, string][] = [
  [
    'is busy',
    500,
    { 'x-go-pprof': '1' },
    'Could not enable CPU profiling: cpu profiling already in use',
    'TARGET_BUSY',
    'Someone else is profiling it',
  ],
  [
    'traces already',
    500,
    { 'x-go-pprof': '1' },
    'Could not enable tracing: execution tracer already enabled',
    'TARGET_BUSY',
    'Someone else',
  ],
  [
    'does not serve this profile',
    404,
    { 'x-go-pprof': '1' },
    'Unknown profile',
    'PROFILE_KIND_UNKNOWN',
    'has no such profile',
  ],
  [
    'has no profiles',
    404,
    {},
    '404 page not found',
    'TARGET_PROFILING_DISABLED',
    '--profiling=false',
  ],
  [
    'has profiling disabled',
    405,
    {},
    'profiling endpoint is disabled.',
    'TARGET_PROFILING_DISABLED',
    'switched off',
  ],
  [
    'ends answers early',
    400,
    { 'x-go-pprof': '1' },
    "profile duration exceeds server's WriteTimeout",
    'TARGET_WRITE_TIMEOUT',
    'WriteTimeout',
  ],
  [
    'is overloaded',
    429,
    { 'retry-after': '7' },
    'Too many requests',
    'TARGET_THROTTLED',
    'Too many requests',
  ],
  [
    'is behind a proxy that cannot reach it',
    503,
    {},
    'error trying to reach service: dial tcp',
    'TARGET_UNREACHABLE',
    'error trying to reach service',
  ],
  [
    'does not know us',
    401,
    {},
    '{"kind":"Status","message":"Unauthorized"}',
    'TARGET_UNAUTHENTICATED',
    'Unauthorized. The credentials are missing',
  ],
]

test.each(refusals)(
  'a process that %s says so',
  async (_, status, headers, body, code, message) => {
    const outcome = await heapOf((_, reply) => reply.writeHead(status, headers).end(`${body}\n`))
    expect(outcome).toMatchObject(failedWith(code, message))
    expect(outcome.error?.message).toMatch(/^etcd at 127\.0\.0\.1:\d+ answered/)
  },
)

test('a right that is missing is named with the rule that grants it', async () => {
  const message = 'forbidden: User "pprof-viewer" cannot get path "/debug/pprof/heap"'
  const outcome = await heapOf((_, reply) => {
    reply.writeHead(403).end(JSON.stringify({ kind: 'Status', message, code: 403 }))
  })
  expect(outcome.error?.code).toBe('TARGET_FORBIDDEN')
  expect(outcome.error?.message).toContain(
    `${message}. A ClusterRole grants it with the rule {nonResourceURLs: ["/debug/pprof/heap"], verbs: ["get"]}`,
  )
  expect(outcome.waitedMs).toBe(0)
})

describe('what may go better next time is tried again:', () => {
  test('a busy profiler after as long as we would have profiled, twice', async () => {
    let count = 0
    const url = await serve((request, reply) => {
      if (count++ < 2)
        reply.writeHead(500, { 'x-go-pprof': '1' }).end('cpu profiling already in use')
      else answerWell(request, reply)
    })
    const { status, waitedMs } = await captureOf({ url, kinds: ['cpu'] })
    expect({ status, waitedMs, count }).toEqual({ status: 'complete', waitedMs: 8000, count: 3 })
  })

  test('who says when, then', async () => {
    let count = 0
    const url = await serve((request, reply) => {
      if (count++ === 0) reply.writeHead(429, { 'retry-after': '7' }).end()
      else answerWell(request, reply)
    })
    const { status, waitedMs } = await captureOf({ url })
    expect({ status, waitedMs }).toEqual({ status: 'complete', waitedMs: 7000 })
  })

  test('a server that ends its answers early with fewer seconds, which is noted', async () => {
    const asked: unknown[] = []
    const url = await serve((request, reply) => {
      asked.push(request.url)
      if (asked.length === 1)
        reply.writeHead(400, { 'x-go-pprof': '1' }).end("server's WriteTimeout")
      else reply.end(CPU_PROFILE)
    })
    const plan = planCapture('coredns', { seconds: 10, kinds: ['cpu'] })
    const { parts } = await captureOf({ url, plan })
    expect(asked).toEqual(['/debug/pprof/profile?seconds=10', '/debug/pprof/profile?seconds=4'])
    expect(parts[0]?.note).toContain('PROFILE_SHORT')
  })

  test('but not where the caller forbids it', async () => {
    let count = 0
    const url = await serve((_, reply) => {
      count++
      reply.writeHead(503).end()
    })
    await captureOf({ url, isRetried: false })
    expect(count).toBe(1)
  })
})

test('that does not listen is reported once, and the other parts are not tried', async () => {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  const url = `http://127.0.0.1:${port}`
  const outcome = await captureOf({ url, kinds: ['goroutine', 'heap', 'cpu'] })
  expect(outcome).toMatchObject(failedWith('TARGET_UNREACHABLE', 'nothing listens there'))
  expect(outcome.parts.map(({ state, note }) => [state, note])).toEqual([
    ['failed', null],
    ['skipped', 'Not tried, because cpu.pb.gz failed.'],
    ['skipped', 'Not tried, because cpu.pb.gz failed.'],
  ])
})

test.each([401, 502])(
  'metrics that are answered with %d leave the profiles alone',
  async (code) => {
    const url = await serve((request, reply) => {
      if (request.url === '/metrics') reply.writeHead(code).end()
      else answerWell(request, reply)
    })
    const { status, parts } = await captureOf({ url, kinds: ['metrics', 'cpu'] })
    expect(status).toBe('partial')
    expect(parts.map(({ state }) => state)).toEqual(['failed', 'taken', 'failed'])
  },
)

test('one part that fails leaves the others alone', async () => {
  const url = await serve((request, reply) => {
    if (request.url?.includes('heap') === true) reply.writeHead(500).end('boom')
    else answerWell(request, reply)
  })
  const { status, parts } = await captureOf({ url, kinds: ['goroutine', 'heap', 'block'] })
  expect(status).toBe('partial')
  expect(parts.map(({ state }) => state)).toEqual(['taken', 'failed', 'taken'])
})
