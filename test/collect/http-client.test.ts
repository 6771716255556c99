import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type HttpClient, openHttpClient, readBody } from '../../collect/reach/net/http-client.ts'
import { listen, serve } from './fake-process.ts'
import { PATIENCE_MS } from '../patience.ts'
import { until } from '../until.ts'

const LIMITS = {
  headersMsMax: PATIENCE_MS,
  silenceMsMax: PATIENCE_MS,
  wholeMsMax: null,
  bytesMax: 1e6,
}

function get(client: HttpClient, signal: AbortSignal | null = null) {
  const request = { method: 'GET', path: '/', headers: {}, body: null, limits: LIMITS } as const
  return client.send({ ...request, signal })
}

/** A client of what listens on the port, closed when the test is over. */
function clientOf(port: number): HttpClient {
  const client = openHttpClient(`127.0.0.1:${port}`, {
    connectMsMax: PATIENCE_MS,
    openStream: () => Promise.resolve(connect(port, '127.0.0.1')),
  })
  onTestFinished(() => client.close())
  return client
}

describe('a connection', () => {
  test('that does not come in time is given up', async () => {
    const client = openHttpClient('x', {
      connectMsMax: 20,
      openStream: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    await expect(get(client)).rejects.toMatchObject({
      code: 'CONNECT_TIMEOUT',
      message: 'cannot be connected to within 0.02 s',
    })
  })

  test('that comes when the client is closed is closed too', async () => {
    const port = await listen(createServer((socket) => socket.on('error', () => {})))
    let stream: Socket | null = null
    const client = openHttpClient('x', {
      connectMsMax: PATIENCE_MS,
      openStream: async () => {
        await sleep(100)
        return (stream = connect(port, '127.0.0.1'))
      },
    })
    const asked = get(client, AbortSignal.timeout(20))
    await expect(asked).rejects.toThrow('aborted due to timeout')
    client.close()
    await until(() => stream !== null)
    await until(() => stream?.destroyed === true)
  })

  test('that is asked twice is one', async () => {
    const sockets = new Set<unknown>()
    const origin = await serve((request, reply) => {
      sockets.add(request.socket)
      reply.end('ok')
    })
    const client = clientOf(Number(new URL(origin).port))
    await readBody((await get(client)).body)
    await readBody((await get(client)).body)
    expect(sockets.size).toBe(1)
  })
})

test('an unread answer does not block other requests', async () => {
  const origin = await serve((_, reply) => reply.end('x'.repeat(100_000)))
  const client = clientOf(Number(new URL(origin).port))
  const unread = await get(client)
  expect(unread.status).toBe(200)
  expect((await readBody((await get(client)).body)).length).toBe(100_000)
})

test('an answer whose reader stops is not read on', async () => {
  let isClosed = false
  const origin = await serve((request, reply) => {
    request.socket.on('close', () => (isClosed = true))
    const send = () => {
      while (reply.write(Buffer.alloc(65_536)));
    }
    reply.on('drain', send).on('error', () => {})
    send()
  })
  const client = clientOf(Number(new URL(origin).port))
  const { body } = await get(client)
  for await (const chunk of body) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  await until(() => isClosed)
})

test('aborting the request aborts the answer', async () => {
  const origin = await serve((_, reply) => void reply.write('beginning'))
  const client = clientOf(Number(new URL(origin).port))
  const end = new AbortController()
  const { body } = await get(client, end.signal)
  setTimeout(() => end.abort(new Error('enough')), 50)
  await expect(readBody(body)).rejects.toThrow('enough')
})

test('a body is sent with its length in bytes', async () => {
  const seen: unknown[] = []
  const origin = await serve(async (request, reply) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    seen.push([request.method, request.headers['content-length'], Buffer.concat(chunks).toString()])
    reply.end()
  })
  const client = clientOf(Number(new URL(origin).port))
  const { body } = await client.send({
    method: 'PUT',
    path: '/debug/flags/v',
    headers: {},
    body: 'ä',
    limits: LIMITS,
    signal: null,
  })
  await readBody(body)
  expect(seen).toEqual([['PUT', '2', 'ä']])
})
