import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../api/index.ts'
import type { BlobKey, BlobStore, StoredBlob } from '../../store/index.ts'
import { type Refusal, toRefusal } from './decoder-task.ts'

/** A request of a decoder process, which has no access to the store itself. Files are names within a shared folder. */
export type BlobRequest = { readonly kind: 'blob'; readonly id: number } & (
  | { readonly get: BlobKey }
  | { readonly put: string }
)

export type BlobAnswer = { readonly kind: 'blob'; readonly id: number } & (
  | { readonly fileName: string | null }
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
  async function fetch(key: BlobKey): Promise<string | null> {
    const bytes = await blobs.stream(key)
    if (bytes === null) return null
    const fileName = newFileName()
    const path = join(directory, fileName)
    try {
      await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      return fileName
    } catch (cause) {
      await rm(path, { force: true })
      throw cause instanceof AppError ? cause : new AppError('BLOB_STORE_UNAVAILABLE', { cause })
    }
  }

  async function store(fileName: string): Promise<StoredBlob> {
    if (!FILE_NAME.test(fileName)) throw new AppError('BLOB_MISSING')
    const path = join(directory, fileName)
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
          ? { kind, id, fileName: await fetch(request.get) }
          : { kind, id, stored: await store(request.put) }
      } catch (error) {
        const known = error instanceof AppError ? error : new AppError('BLOB_STORE_UNAVAILABLE')
        return { kind, id, refusal: toRefusal(known) }
      }
    },
  }
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
