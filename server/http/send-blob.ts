import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { AppError } from '../../api/index.ts'
import { reportedError } from '../../store/index.ts'
import { sendGzip } from './send-columns.ts'
import type { ServerNeeds } from './server-needs.ts'

export interface BlobReply {
  readonly key: string
  /** Of its row, when known: a blob of another size is not sent. */
  readonly sizeBytes?: number
  readonly cacheControl: string
  /** True when the stored blob is gzip of the requested content, as columns are. */
  readonly isGzip?: boolean
}

/** The answer to a caller who has the bytes. */
export const NOT_MODIFIED = {
  304: Type.Null({ description: 'The caller has these bytes: `If-None-Match` has their ETag.' }),
}

type Blobs = { readonly store: Pick<ServerNeeds['store'], 'blobs' | 'integrity'> }

/** Sends a blob with its key as ETag, or 304 when the caller has it. */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  needs: Blobs,
  { key, sizeBytes, cacheControl, isGzip = false }: BlobReply,
): Promise<FastifyReply> {
  const etag = `"${key}"`
  void reply.header('etag', etag).header('cache-control', cacheControl)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const bytes = await openBlob(needs, key, sizeBytes)
  if (isGzip) return sendGzip(request, reply, bytes)
  // So that clients can show progress.
  if (sizeBytes !== undefined) void reply.header('content-length', sizeBytes)
  return reply.type('application/octet-stream').send(bytes)
}

/**
 * The bytes of a blob. Damaged bytes are reported, and fail the stream before its end, so that the
 * connection is closed. Throws BLOB_MISSING and BLOB_CORRUPT.
 */
export async function openBlob(
  { store: { blobs, integrity } }: Blobs,
  key: string,
  sizeBytes?: number,
): Promise<Readable> {
  const details = { blobKey: key }
  const storedBytes = await blobs.sizeOf(key)
  if (storedBytes !== null && sizeBytes !== undefined && storedBytes !== sizeBytes) {
    throw await reportedError(integrity, new AppError('BLOB_CORRUPT', { details }))
  }
  const bytes = storedBytes === null ? null : await blobs.stream(key)
  if (bytes === null) {
    throw await reportedError(integrity, new AppError('BLOB_MISSING', { details }))
  }
  return Readable.from(reporting(bytes, integrity), { objectMode: false })
}

async function* reporting(
  bytes: Readable,
  integrity: ServerNeeds['store']['integrity'],
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytes) yield chunk
  } catch (error) {
    throw await reportedError(integrity, error)
  }
}
