import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../api/index.ts'
import type { BlobKey, BlobStore, StoredBlob } from '../../store/index.ts'
import { type Refusal, toRefusal } from './decoder-task.ts'

/** Bytes on their way between the processes: few in a message, more as the name of a file within a shared folder. */
export type Carried = Uint8Array | string

/** Up to this size bytes are carried in a message. */
export const MESSAGE_BYTES_MAX = 1024 * 1024

/** A request of a decoder process, which has no access to the store itself. */
export type BlobRequest = { readonly kind: 'blob'; readonly id: number } & (
  | { readonly get: BlobKey }
  | { readonly put: Carried }
)

export type BlobAnswer = { readonly kind: 'blob'; readonly id: number } & (
  | { readonly found: Carried | null }
  | { readonly stored: StoredBlob }
  | { readonly refusal: Refusal }
)

/** Fetches and stores blobs for decoder processes, so that no credentials of the store are in them. */
export interface BlobRelay {
  /** The folder of the files. Who gets a file deletes it. */
  readonly directory: string
  /** Never rejects. */
  answer(request: BlobRequest): Promise<BlobAnswer>
}

const FILE_NAME = /^[0-9a-f-]{36}\.part$/

/** A name that is taken by no other file of the folder. */
export function newFileName(): string {
  return `${randomUUID()}.part`
}

export function openBlobRelay(blobs: BlobStore, directory: string): BlobRelay {
  async function fetch(key: BlobKey): Promise<Carried | null> {
    const stream = await blobs.stream(key)
    if (stream === null) return null
    try {
      const bytes: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
      const first: Uint8Array[] = []
      let sizeBytes = 0
      while (sizeBytes <= MESSAGE_BYTES_MAX) {
        const { value, done } = await bytes.next()
        if (done === true) return Buffer.concat(first)
        first.push(value)
        sizeBytes += value.length
      }
      return await toFile(first, bytes)
    } catch (cause) {
      throw cause instanceof AppError ? cause : new AppError('BLOB_STORE_UNAVAILABLE', { cause })
    }
  }

  async function toFile(
    first: readonly Uint8Array[],
    rest: AsyncIterator<Uint8Array>,
  ): Promise<string> {
    const fileName = newFileName()
    const path = join(directory, fileName)
    try {
      const bytes = allOf(first, rest)
      await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      return fileName
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  async function store(carried: Carried): Promise<StoredBlob> {
    if (typeof carried !== 'string') return blobs.put(carried)
    if (!FILE_NAME.test(carried)) throw new AppError('BLOB_MISSING')
    const path = join(directory, carried)
    try {
      return await blobs.put(createReadStream(path))
    } finally {
      await rm(path, { force: true })
    }
  }

  return {
    directory,
    async answer(request) {
      const { kind, id } = request
      try {
        return 'get' in request
          ? { kind, id, found: await fetch(request.get) }
          : { kind, id, stored: await store(request.put) }
      } catch (error) {
        const known = error instanceof AppError ? error : new AppError('BLOB_STORE_UNAVAILABLE')
        return { kind, id, refusal: toRefusal(known) }
      }
    },
  }
}

async function* allOf(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first
  yield* { [Symbol.asyncIterator]: () => rest }
}

export function isBlobMessage(message: unknown): message is { readonly kind: 'blob' } {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'blob'
  )
}

/** Whether a message of a decoder process is such a request. The process runs our own code. */
export function isBlobRequest(message: unknown): message is BlobRequest {
  return isBlobMessage(message) && 'id' in message && ('get' in message || 'put' in message)
}

export function isBlobAnswer(message: unknown): message is BlobAnswer {
  return isBlobMessage(message) && 'id' in message
}
