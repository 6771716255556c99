import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import type { BlobIdentity, BlobStore } from './blob-store.ts'
import { flush, flushFolder, type OnDiskFailure, orNull } from './fs-files.ts'
import { newId } from '../id.ts'

/** The identity as the file `blobs/identity.json`: a folder of blobs that is moved takes it along. */
export function fsIdentity(
  folders: { readonly blobs: string; readonly tmp: string },
  onDiskFailure: OnDiskFailure,
): Pick<BlobStore, 'readIdentity' | 'writeIdentity'> {
  const path = join(folders.blobs, 'identity.json')
  return {
    async readIdentity() {
      const text = await orNull(readFile(path, 'utf8'))
      return text === null ? null : parseIdentity(text, path)
    },
    async writeIdentity(identity) {
      const unfinished = join(folders.tmp, `${newId()}.identity`)
      const file = await open(unfinished, 'wx', 0o600)
      try {
        await file.writeFile(formatIdentity(identity))
        await flush(file, onDiskFailure)
      } finally {
        await file.close()
      }
      await rename(unfinished, path)
      await flushFolder(folders.blobs, onDiskFailure)
    },
  }
}

export function formatIdentity({ installationId, mark }: BlobIdentity): string {
  return `${JSON.stringify({ installationId, mark })}\n`
}

/** Throws STORAGE_FAILED with the place when the text is no identity. */
export function parseIdentity(text: string, place: string): BlobIdentity {
  const found = parsed(text)
  if (typeof found === 'object' && found !== null && 'installationId' in found && 'mark' in found) {
    const { installationId, mark } = found
    if (typeof installationId === 'string' && typeof mark === 'number') {
      return { installationId, mark }
    }
  }
  throw new AppError('STORAGE_FAILED', {
    message: `${place} does not name an installation: it is damaged or not of kubeprof.`,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
