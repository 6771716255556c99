import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import {
  type HealthReply,
  type ReadyCheck,
  type ReadyReply,
  readyReplyOf,
} from '../../../api/index.ts'
import type { Closers } from '../closers.ts'
import { CommandError } from '../../terminal/command-error.ts'

/** What a process without the API exposes about itself. */
export interface HealthSource {
  readonly readyChecks: () => Promise<readonly ReadyCheck[]>
  /** Each in the Prometheus text format. */
  readonly metrics: readonly { readonly text: () => Promise<string> }[]
}

const ADDRESS = /^\[?([^\]]+?)\]?:(\d{1,5})$/
const EXIT_NO_PORT = 69

/** Serves `/healthz`, `/readyz` and `/metrics` at `HOST:PORT` as a server does. Throws a CommandError. */
export async function listenForHealth(
  address: string,
  source: HealthSource,
  closers: Closers,
): Promise<void> {
  const [, host = '127.0.0.1', port = '0'] = ADDRESS.exec(address) ?? []
  const server = createServer((request, reply) => {
    answer(request.url ?? '', reply, source).catch(() => void reply.writeHead(500).end())
  })
  try {
    await once(server.listen(Number(port), host), 'listening')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError(`cannot listen on ${address} for health checks: ${reason}`, EXIT_NO_PORT)
  }
  closers.add(() => {
    server.closeAllConnections()
    server.close()
  })
}

async function answer(
  path: string,
  reply: ServerResponse,
  { readyChecks, metrics }: HealthSource,
): Promise<void> {
  if (path === '/healthz') {
    send(reply, 200, { status: 'ok' })
  } else if (path === '/readyz') {
    const ready = readyReplyOf(await readyChecks())
    send(reply, ready.status === 'not_ready' ? 503 : 200, ready)
  } else if (path === '/metrics') {
    const texts = await Promise.all(metrics.map((one) => one.text()))
    reply.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(texts.join(''))
  } else {
    reply.writeHead(404).end()
  }
}

function send(reply: ServerResponse, status: number, body: HealthReply | ReadyReply): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}
