import { get as httpGet } from 'node:http'
import type { Server } from 'node:net'

/** Reads the events of a capture as they come. */
export function followEvents(server: Server, id: string) {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  let text = ''
  let contentType = ''
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const request = httpGet({ port, path: `/api/v1/captures/${id}/events` }, (response) => {
    contentType = response.headers['content-type'] ?? ''
    response
      .setEncoding('utf8')
      .on('data', (chunk: string) => (text += chunk))
      .on('error', () => undefined)
      .on('close', resolve)
  })
  request.on('error', () => undefined)
  return {
    ended,
    contentType: () => contentType,
    statuses: () => [...text.matchAll(/data:.*?"status":"(\w+)"/g)].map(([, status]) => status),
    reports: () => [...text.matchAll(/"reportStatus":"(\w+)"/g)].map(([, status]) => status),
    close: () => request.destroy(),
  }
}
