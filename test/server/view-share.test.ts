import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { onTestFinished, expect, test } from 'vitest'
import { replyWithError } from '../../server/http/error-replies.ts'
import { shareViews } from '../../server/http/view-share.ts'
import { until } from '../until.ts'

test('a caller may have half of the views under way, and what ended makes room', async () => {
  const { url, begunCount, finish } = await startViews({ viewsInFlightMax: 4 })
  const slow = [ask(`${url}/view`), ask(`${url}/view`)]
  await until(() => begunCount() === 2)
  expect(await ask(`${url}/view`)).toBe(429)
  expect(await ask(`${url}/other`)).toBe(200)
  finish()
  expect(await Promise.all(slow)).toEqual([200, 200])
  expect(await ask(`${url}/view`)).toBe(200)
})

test('a view whose caller went away makes room too', async () => {
  const { url, begunCount } = await startViews({ viewsInFlightMax: 2 })
  const request = get(`${url}/view`)
  request.on('error', () => undefined)
  await until(() => begunCount() === 1)
  expect(await ask(`${url}/view`)).toBe(429)
  request.destroy()
  await until(async () => {
    await ask(`${url}/view`, 20)
    return begunCount() > 1
  })
  expect(begunCount()).toBe(2)
})

/** A server whose views last until they are finished. */
async function startViews({ viewsInFlightMax }: { readonly viewsInFlightMax: number }) {
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  let begunCount = 0
  const app = fastify({ forceCloseConnections: true }).withTypeProvider<TypeBoxTypeProvider>()
  app.decorateRequest('caller', null)
  app.setErrorHandler(replyWithError)
  shareViews(app, { viewsInFlightMax })
  app.get('/view', { config: { isView: true } }, async () => {
    begunCount++
    await finished
    return 'a view'
  })
  app.get('/other', async () => 'no view')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    finish()
    await app.close()
  })
  return { url, begunCount: () => begunCount, finish }
}

/** The status, or `null` when there was no answer in time. */
async function ask(url: string, timeoutMs = 60_000): Promise<number | null> {
  const request = get(url, { agent: false })
  const timer = setTimeout(() => request.destroy(), timeoutMs)
  try {
    const [response]: IncomingMessage[] = await once(request, 'response')
    response?.resume()
    return response?.statusCode ?? null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
