import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { newId } from '../id.ts'

/** Up to this size bytes are held in memory. */
const MEMORY_BYTES_MAX = 1024 * 1024

/** Bytes whose hash and size are known, so that they can be sent with both before them, and more than once. */
export interface SpooledBytes {
  readonly sha256: string
  readonly sizeBytes: number
  /** The bytes from the start, each time. */
  readonly read: () => Uint8Array | Readable
  readonly remove: () => Promise<void>
}

/** Takes all bytes: small ones into memory, others into a file of this folder. Rethrows the error of the source. */
export async function spoolBytes(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  directory: string,
): Promise<SpooledBytes> {
  const hash = createHash('sha256')
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  let file: Awaited<ReturnType<typeof open>> | null = null
  const path = join(directory, `${newId()}.part`)
  const remove = async () => {
    if (file !== null) await rm(path, { force: true })
  }
  try {
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      hash.update(chunk)
      sizeBytes += chunk.length
      chunks.push(chunk)
      if (sizeBytes <= MEMORY_BYTES_MAX || bytes instanceof Uint8Array) continue
      file ??= await open(path, 'wx', 0o600)
      for (const held of chunks.splice(0)) await file.writeFile(held)
    }
  } catch (error) {
    await file?.close()
    await remove()
    throw error
  }
  await file?.close()
  const isFile = file !== null
  const held = bytes instanceof Uint8Array ? bytes : Buffer.concat(chunks)
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    read: () => (isFile ? createReadStream(path) : held),
    remove,
  }
}
