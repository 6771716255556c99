import type { BlobStore } from '../../store/index.ts'

/** Blobs in memory, under short keys. */
export function memoryBlobs(): Pick<BlobStore, 'get' | 'put'> {
  const blobs = new Map<string, Uint8Array>()
  return {
    get: (key) => Promise.resolve(blobs.get(key) ?? null),
    put(bytes) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('only whole bytes are stored')
      const key = String(blobs.size)
      blobs.set(key, bytes)
      return Promise.resolve({ key, sha256: '', sizeBytes: bytes.length })
    },
  }
}
