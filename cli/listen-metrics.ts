import { createServer } from 'node:http'
import type { CollectMetrics } from '../collect/index.ts'
import type { Closers } from './closers.ts'

const ADDRESS = /^\[?([^\]]+?)\]?:(\d{1,5})$/

/** Shows the metrics of a process that serves nothing else at `HOST:PORT`, with `/healthz` beside them. */
export async function listenForMetrics(
  address: string,
  metrics: Pick<CollectMetrics, 'text'>,
  closers: Closers,
): Promise<void> {
  const [, host = '127.0.0.1', port = '0'] = ADDRESS.exec(address) ?? []
  const server = createServer((request, reply) => {
    if (request.url === '/healthz') {
      reply.end('{"status":"ok"}\n')
    } else if (request.url === '/metrics') {
      reply.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      metrics.text().then(
        (text) => reply.end(text),
        () => reply.writeHead(500).end(),
      )
    } else {
      reply.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(port), host, resolve)
  })
  closers.add(() => {
    server.closeAllConnections()
    server.close()
  })
}
