import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import type { BlobStore } from '../../store/blobs.ts'
import { askParent } from './ask-parent.ts'
import {
  type BlobAnswer,
  type BlobRequest,
  type Carried,
  isBlobAnswer,
  MESSAGE_BYTES_MAX,
  newFileName,
} from '../pool/blob-relay.ts'
import { fromRefusal } from '../pool/decoder-task.ts'

type Ask = { readonly get: string } | { readonly put: Carried }

/** Blobs as the parent process fetches and stores them: many bytes travel in files of a folder, the rest in messages. */
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
      if (!('found' in answer) || answer.found === null) return null
      if (typeof answer.found !== 'string') return answer.found
      const path = join(directory, answer.found)
      const bytes = await readFile(path)
      await rm(path, { force: true })
      return bytes
    },
    async put(bytes) {
      const isFew = bytes instanceof Uint8Array && bytes.length <= MESSAGE_BYTES_MAX
      const answer = await ask({ put: isFew ? bytes : await toFile(bytes) })
      if ('stored' in answer) return answer.stored
      throw new AppError('BLOB_STORE_UNAVAILABLE')
    },
  }

  async function toFile(bytes: Parameters<BlobStore['put']>[0]): Promise<string> {
    const fileName = newFileName()
    await writeFile(join(directory, fileName), bytes, { flag: 'wx', mode: 0o600 })
    return fileName
  }
}
