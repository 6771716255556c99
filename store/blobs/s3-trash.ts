import {
  CopyObjectCommand,
  DeleteObjectCommand,
  type ListObjectsV2CommandOutput,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { AppError } from '../../api/errors.ts'
import { type BlobKey, type BlobStore, isBlobKey } from './blob-store.ts'
import { type S3Requests, statusOf } from './s3-requests.ts'

const DAY_MS = 24 * 3600 * 1000

type Trash = Pick<BlobStore, 'moveToTrash' | 'restoreFromTrash' | 'keysInTrash' | 'emptyTrash'>

interface Places {
  readonly prefix: string
  /** The object of a blob. */
  readonly placeOf: (key: BlobKey) => string
}

/** Objects `<prefix><day>/<key>`. S3 cannot rename: each is copied, then deleted, so that a crash in between loses none. */
export function s3Trash(requests: S3Requests, { prefix, placeOf }: Places): Trash {
  const remove = (key: string) =>
    requests.run((client) =>
      client.send(new DeleteObjectCommand({ Bucket: requests.bucket, Key: key })),
    )
  return {
    async moveToTrash(key, nowMs) {
      const day = new Date(nowMs).toISOString().slice(0, 10)
      const from = placeOf(key)
      if (await copy(requests, from, `${prefix}${day}/${key}`)) await remove(from)
    },
    async restoreFromTrash(key) {
      for (const day of await daysOf(requests, prefix)) {
        const from = `${prefix}${day}/${key}`
        if (!(await copy(requests, from, placeOf(key)))) continue
        await remove(from)
        return true
      }
      return false
    },
    async *keysInTrash() {
      for await (const name of listKeys(requests, prefix)) {
        const key = name.slice(name.indexOf('/') + 1)
        if (isBlobKey(key)) yield key
      }
    },
    async emptyTrash(beforeMs, limit) {
      let count = 0
      for (const day of await daysOf(requests, prefix)) {
        // What is no day stays: its time is not a number.
        if (!(Date.parse(day) + DAY_MS <= beforeMs)) continue
        for await (const name of listKeys(requests, `${prefix}${day}/`)) {
          if (count >= limit) return count
          await remove(`${prefix}${day}/${name}`)
          count += 1
        }
      }
      return count
    },
  }
}

/** False when there is nothing to copy. */
async function copy({ bucket, run }: S3Requests, from: string, to: string): Promise<boolean> {
  try {
    const CopySource = `${bucket}/${encodeURIComponent(from).replaceAll('%2F', '/')}`
    await run((client) =>
      client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource })),
    )
    return true
  } catch (error) {
    if (error instanceof AppError && statusOf(error.cause) === 404) return false
    throw error
  }
}

async function daysOf(requests: S3Requests, prefix: string): Promise<readonly string[]> {
  const days: string[] = []
  for await (const page of pagesOf(requests, prefix, '/')) {
    for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
      days.push(Prefix.slice(prefix.length, -1))
    }
  }
  return days.toSorted()
}

/** What follows the prefix in each object's key. */
export async function* listKeys(requests: S3Requests, prefix: string): AsyncGenerator<string> {
  for await (const page of pagesOf(requests, prefix)) {
    for (const { Key = '' } of page.Contents ?? []) yield Key.slice(prefix.length)
  }
}

async function* pagesOf(
  { bucket, run }: S3Requests,
  prefix: string,
  delimiter?: string,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined
  do {
    const page = await run((client) =>
      client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          Delimiter: delimiter,
          ContinuationToken: token,
        }),
      ),
    )
    yield page
    token = page.NextContinuationToken
  } while (token !== undefined)
}
