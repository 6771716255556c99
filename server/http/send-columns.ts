import type { FastifyReply } from 'fastify'

/** Sends gzipped columns that were made for this request. */
export function sendColumns(reply: FastifyReply, gzipped: Uint8Array): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-encoding', 'gzip')
    .header('cache-control', 'private, no-store')
    .send(gzipped)
}
