import { setTimeout as delay } from 'node:timers/promises'
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { AppError } from '../../api/errors.ts'
import type { BlobOptions } from './options.ts'

const CONNECT_MS_MAX = 3000
/** The longest that no byte comes or goes within a request. */
const IDLE_MS_MAX = 10_000
const SOCKETS_MAX = 64
const TRIES_MAX = 3
/** What failed after so long is not run again: callers wait. */
const RETRIED_MS_MAX = 8000
const PAUSE_MS = 200
const RETRY_SECONDS = 5
const FULL_RETRY_SECONDS = 300

/** Requests to one bucket, with retries and with the errors of the catalogue. */
export interface S3Requests {
  readonly bucket: string
  /**
   * Runs it again after a failure of the server or the network that comes soon, at most twice. Throws
   * BLOB_STORE_UNAVAILABLE or STORAGE_FULL.
   */
  readonly run: <Result>(request: (client: S3Client) => Promise<Result>) => Promise<Result>
}

export function openS3Requests(options: BlobOptions): S3Requests {
  const client = makeClient(options)
  return {
    bucket: options.s3Bucket,
    async run(request) {
      const endMs = performance.now() + RETRIED_MS_MAX
      for (let tries = 1; ; tries++) {
        try {
          return await request(client)
        } catch (error) {
          if (error instanceof AppError) throw error
          const isLast = tries === TRIES_MAX || performance.now() > endMs
          if (isLast || !isPassing(error)) throw translate(error, options)
          await delay(PAUSE_MS * 2 ** tries * (0.5 + Math.random() / 2))
        }
      }
    },
  }
}

function makeClient(options: BlobOptions): S3Client {
  const { s3AccessKeyId, s3SecretAccessKey, s3Endpoint } = options
  const agent = { keepAlive: true, maxSockets: SOCKETS_MAX }
  return new S3Client({
    region: options.s3Region,
    forcePathStyle: options.s3ForcePathStyle,
    ...(s3Endpoint === '' ? {} : { endpoint: s3Endpoint }),
    ...(s3AccessKeyId === ''
      ? {}
      : { credentials: { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey } }),
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      socketTimeout: IDLE_MS_MAX,
      httpAgent: agent,
      httpsAgent: agent,
    },
    // A put has a SHA-256 of its own; what is read is compared with the hash in its key.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // `run` tries again: a stream that was sent half can only be made anew there.
    maxAttempts: 1,
  })
}

/** Whether the failure may pass: the network's, the server's own, or too many requests. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error)
  return status === null || status >= 500 || status === 429 || status === 408
}

/** `null` when the server did not answer. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof S3ServiceException)) return null
  return error.$metadata.httpStatusCode ?? null
}

/** Whether the SDK gave up as no byte came or went, or no connection was made in time. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

const FULL_CODES = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'])

function translate(cause: unknown, { s3Bucket }: BlobOptions): AppError {
  // The address is for the log alone: anyone may ask whether the process is ready.
  const place = `The bucket ${s3Bucket} (blobs.s3Bucket, blobs.s3Endpoint)`
  const isFull = cause instanceof Error && (FULL_CODES.has(cause.name) || statusOf(cause) === 507)
  return isFull
    ? new AppError('STORAGE_FULL', {
        message: `${place} is full.`,
        cause,
        retryAfterSeconds: FULL_RETRY_SECONDS,
      })
    : new AppError('BLOB_STORE_UNAVAILABLE', {
        message: `${place} cannot be used: ${reasonOf(cause)}`,
        cause,
        retryAfterSeconds: RETRY_SECONDS,
      })
}

/** What the server answered, or the network's code, without the words of the SDK. */
function reasonOf(cause: unknown): string {
  if (isSilence(cause)) return 'it does not answer.'
  if (cause instanceof S3ServiceException) return `${cause.name}: ${cause.message}`
  if (cause instanceof Error && 'code' in cause) return `${String(cause.code)}.`
  return cause instanceof Error ? cause.message : String(cause)
}
