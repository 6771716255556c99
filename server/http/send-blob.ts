import type { FastifyReply, FastifyRequest } from 'fastify'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../api/index.ts'
import type { ServerNeeds } from './server-needs.ts'

export interface BlobReply {
  readonly key: string
  /** Set when known, so that clients can show progress. */
  readonly sizeBytes?: number
  readonly cacheControl: string
  /** True when the stored blob is gzip of the requested content, as columns are. */
  readonly isGzip?: boolean
}

/** Sends a blob with its key as ETag, or 304 when the caller has it. */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  { store }: Pick<ServerNeeds, 'store'>,
  { key, sizeBytes, cacheControl, isGzip = false }: BlobReply,
): Promise<FastifyReply> {
  const etag = `"${key}"`
  void reply.header('etag', etag).header('cache-control', cacheControl)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const bytes = await store.blobs.stream(key)
  if (bytes === null) throw new AppError('BLOB_MISSING')
  if (sizeBytes !== undefined) void reply.header('content-length', sizeBytes)
  void reply.type('application/octet-stream')
  if (!isGzip) return reply.send(bytes)
  void reply.header('vary', 'accept-encoding')
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return reply.header('content-encoding', 'gzip').send(bytes)
  }
  return reply.send(bytes.compose(createGunzip()))
}
