import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import {
  callServer,
  fetchBytes,
  readServerError,
  sendToServer,
} from '../../../web/requests/call-server.ts'

interface Answer {
  readonly status?: number
  readonly body?: string
}

/** A server that answers every request the same, and records them. */
async function serve({ status = 200, body = '{}' }: Answer) {
  const asked: { readonly request: IncomingMessage; readonly body: string }[] = []
  const server = createServer(async (request, response) => {
    asked.push({ request, body: await text(request) })
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}/api`, asked }
}

test('an answer is read as JSON', async () => {
  const { url, asked } = await serve({ body: '{"items":[1]}' })
  expect(await callServer(url)).toEqual({ items: [1] })
  expect(asked[0]?.request.method).toBe('GET')
  expect(asked[0]?.request.headers['content-type']).toBeUndefined()
})

test('a body is sent as JSON', async () => {
  const { url, asked } = await serve({})
  await callServer(url, { method: 'POST', body: { name: 'a' } })
  expect(asked[0]?.request).toMatchObject({ method: 'POST' })
  expect(asked[0]?.request.headers['content-type']).toBe('application/json')
  expect(asked[0]?.body).toBe('{"name":"a"}')
})

test('an answer without a body is enough where none is wanted', async () => {
  const { url, asked } = await serve({ status: 204, body: '' })
  await expect(sendToServer(url, { method: 'DELETE' })).resolves.toBeUndefined()
  expect(asked[0]?.request.method).toBe('DELETE')
})

test('bytes come as they are', async () => {
  const { url } = await serve({ body: 'KPC1' })
  const bytes = await fetchBytes(url, new AbortController().signal)
  expect(new TextDecoder().decode(bytes)).toBe('KPC1')
})

test('a request can be ended', async () => {
  const { url } = await serve({})
  await expect(callServer(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('a refusal is thrown with its status, its code, its sentence and the id of the request', async () => {
  const error = { code: 'PROFILE_NOT_FOUND', message: 'No such profile.', requestId: 'req-1' }
  const { url } = await serve({ status: 404, body: JSON.stringify({ error }) })
  const refused = { name: 'ServerError', status: 404, ...error }
  await expect(callServer(url)).rejects.toMatchObject(refused)
  await expect(sendToServer(url, {})).rejects.toMatchObject(refused)
  await expect(fetchBytes(url, new AbortController().signal)).rejects.toMatchObject(refused)
})

test.each([
  ['a page of a proxy', '<h1>Bad Gateway</h1>'],
  ['nothing', ''],
  ['JSON of another shape', '{"message":"no"}'],
  ['an error without a code', '{"error":{"message":"no"}}'],
  ['no object', 'null'],
])('%s is an error that cannot be read', (_, body) => {
  expect(readServerError(502, body)).toMatchObject({
    status: 502,
    code: 'UNREADABLE',
    message: 'HTTP 502',
    requestId: null,
  })
})

test('a busy server says when to ask again, in whole seconds', () => {
  expect(readServerError(503, '', '2').retryAfterMs).toBe(2000)
  expect(readServerError(503, '', 'Mon, 30 Nov 2026 10:00:00 GMT').retryAfterMs).toBeNull()
  expect(readServerError(503, '').retryAfterMs).toBeNull()
})

test('a request id that is no text is left out', () => {
  const body = '{"error":{"code":"INTERNAL","message":"No.","requestId":7}}'
  expect(readServerError(500, body)).toMatchObject({ code: 'INTERNAL', requestId: null })
})
