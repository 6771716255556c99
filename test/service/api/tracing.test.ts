import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { killAll, startKubeprof } from '../../chaos/kubeprof-process.ts'
import { uniqueProfile } from '../../chaos/unique-profile.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

afterAll(killAll)

/** A receiver of OTLP over HTTP, as JSON. */
async function openReceiver() {
  const spans: Span[] = []
  const server = createServer((request, reply) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(text)
      for (const { scopeSpans } of resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map(toSpan))
      }
      reply.setHeader('content-type', 'application/json').end('{}')
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { spans, url: `http://127.0.0.1:${port}/v1/traces` }
}

function toSpan({ attributes, ...span }: Omit<Span, 'attributes'> & { readonly attributes: [] }) {
  const pairs = attributes.map(({ key, value }) => [key, Object.values(value)[0]])
  return { ...span, attributes: Object.fromEntries(pairs) }
}

test('an upload is a trace of its request and its receipt, its analysis one of its own, and both are counted', async () => {
  const { spans, url } = await openReceiver()
  const data = await memoryDirectory()
  const env = { KUBEPROF_TRACING_OTLP_URL: url }
  const server = await startKubeprof(['serve', '--port', '0', '--data', data], { env })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const reply = await fetch(`${server.url}/api/v1/profiles`, {
    method: 'POST',
    body: new Uint8Array(uniqueProfile()),
    headers: {
      'content-type': 'application/octet-stream',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
  })
  expect(reply.status).toBe(201)
  const { profile } = JSON.parse(await reply.text())
  await until(async () => {
    const text = await (await fetch(`${server.url}/api/v1/profiles/${profile.id}`)).text()
    return text.includes('"status":"ready"')
  })
  // It is counted after its end is written.
  const metrics = async () => (await fetch(`${server.url}/metrics`)).text()
  await expect.poll(metrics).toContain('kubeprof_analyses_total{result="ready",code="none"} 1')
  await expect.poll(metrics).toMatch(/kubeprof_inflate_ratio_count 1$/m)
  // What is left is sent at the end.
  expect(await server.end('SIGTERM')).toBe(0)
  const named = (name: string) => spans.find((span) => span.name === name)
  const request = named('POST /api/v1/profiles')
  expect(request).toMatchObject({
    traceId,
    parentSpanId: '00f067aa0ba902b7',
    attributes: { 'http.route': '/api/v1/profiles', 'http.response.status_code': 201 },
  })
  expect(named('receive')).toMatchObject({
    traceId,
    parentSpanId: request?.spanId,
    attributes: { 'kubeprof.profile.id': profile.id },
  })
  expect(named('analyse')?.attributes).toMatchObject({ 'kubeprof.ending': 'ready' })
})
