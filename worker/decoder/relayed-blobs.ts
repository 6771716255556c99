import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import type { BlobStore } from '../../store/blobs.ts'
import { askParent } from './ask-parent.ts'
import { type BlobAnswer, type BlobRequest, isBlobAnswer, newFileName } from '../pool/blob-relay.ts'
import { fromRefusal } from '../pool/decoder-task.ts'

type Ask = { readonly get: string } | { readonly put: string }

/** Blobs as the parent process fetches and stores them: bytes travel in files of a folder, requests in messages. */
export function relayedBlobs(directory: string): Pick<BlobStore, 'get' | 'put'> {
  const askFor = askParent(isBlobAnswer)

  async function ask(what: Ask): Promise<BlobAnswer> {
    const answer = await askFor((id): BlobRequest => ({ kind: 'blob', id, ...what }))
    if ('refusal' in answer) throw fromRefusal(answer.refusal)
    return answer
  }

  return {
    async get(key) {
      const answer = await ask({ get: key })
      if (!('fileName' in answer) || answer.fileName === null) return null
      const path = join(directory, answer.fileName)
      const bytes = await readFile(path)
      await rm(path, { force: true })
      return bytes
    },
    async put(bytes) {
      const fileName = newFileName()
      await writeFile(join(directory, fileName), bytes, { flag: 'wx', mode: 0o600 })
      const answer = await ask({ put: fileName })
      if ('stored' in answer) return answer.stored
      throw new AppError('BLOB_STORE_UNAVAILABLE')
    },
  }
}
