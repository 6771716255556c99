import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Sends gzipped columns that were made for this request, which nothing keeps. */
export function sendColumns(
  request: FastifyRequest,
  reply: FastifyReply,
  gzipped: Uint8Array,
): FastifyReply {
  void reply.header('cache-control', 'private, no-store')
  return sendGzip(request, reply, gzipped)
}

/** Sends them with their hash as ETag, or 304 when the caller has them. */
export function sendColumnsOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  gzipped: Uint8Array,
): FastifyReply {
  const etag = `"${createHash('sha256').update(gzipped).digest('hex')}"`
  void reply.header('etag', etag).header('cache-control', 'private, no-cache')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return sendGzip(request, reply, gzipped)
}

/** Sends what is gzipped, inflated for a caller that does not read gzip. */
export function sendGzip(
  request: FastifyRequest,
  reply: FastifyReply,
  gzipped: Uint8Array | Readable,
): FastifyReply {
  void reply.type('application/octet-stream').header('vary', 'accept-encoding')
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return reply.header('content-encoding', 'gzip').send(gzipped)
  }
  const stream = gzipped instanceof Uint8Array ? Readable.from([gzipped]) : gzipped
  return reply.send(stream.compose(createGunzip()))
}
