import { AppError } from '../../api/index.ts'
import type { ReceiveOptions } from '../options.ts'
import { isBundleName } from '../../api/profiles/bundle-name.ts'
import { baseNameOf, type BundleEntry, type SkippedEntry } from './bundle-entry.ts'
import { readTar } from './read-tar.ts'
import type { Upload } from './upload-gate.ts'

const DESCRIPTION_BYTES_MAX = 256 * 1024

/** A bundle being uploaded. */
export interface Arrival {
  readonly upload: Upload
  readonly endMs: number
  readonly options: ReceiveOptions
  readonly skipped: SkippedEntry[]
}

/** The files in order, including those inside a tar. Hidden files, such as those macOS adds, are skipped. */
export async function* arrivingFiles(
  entries: AsyncIterable<BundleEntry>,
  arrival: Arrival,
): AsyncGenerator<BundleEntry> {
  const { options } = arrival
  let count = 0
  for await (const entry of flatten(entries, arrival)) {
    count += 1
    if (count > options.bundleFilesMax) {
      throw new AppError('UPLOAD_TOO_LARGE', {
        message: `The bundle holds more than ${options.bundleFilesMax} files.`,
        details: { reason: 'files', entry: entry.name },
      })
    }
    const name = baseNameOf(entry.name)
    if (name.startsWith('.') || name === '') await drain(entry.body)
    else yield { name, body: entry.body }
  }
}

async function* flatten(
  entries: AsyncIterable<BundleEntry>,
  arrival: Arrival,
): AsyncGenerator<BundleEntry> {
  const { options } = arrival
  const { bundleInflatedBytesMax, bundleRatioMax } = options
  const limits = {
    inflatedBytesMax: bundleInflatedBytesMax,
    ratioMax: bundleRatioMax,
    onSkipped: (entry: SkippedEntry) => {
      if (arrival.skipped.length < options.bundleFilesMax) arrival.skipped.push(entry)
    },
  }
  for await (const { name, body } of entries) {
    const arriving = counted(body, arrival)
    if (isBundleName(name)) yield* readTar(arriving, limits)
    else yield { name, body: arriving }
  }
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  { upload, endMs, options }: Arrival,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    upload.count(chunk.length)
    if (performance.now() > endMs) {
      throw new AppError('REQUEST_TIMEOUT', {
        message: `The bundle was not whole after ${options.bundleMsMax} ms.`,
      })
    }
    yield chunk
  }
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) continue
}

/** A file of a bundle, limited to this size. */
export async function* limited(
  body: AsyncIterable<Uint8Array>,
  name: string,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.length
    if (sizeBytes > bytesMax) {
      throw new AppError('UPLOAD_TOO_LARGE', {
        message: `The file "${name}" is larger than ${bytesMax} bytes.`,
        details: { reason: 'file_bytes', entry: name, uploadBytesMax: bytesMax },
      })
    }
    yield chunk
  }
}

/** The whole `capture.json`. */
export async function readDescription(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of limited(body, 'capture.json', DESCRIPTION_BYTES_MAX)) chunks.push(chunk)
  // Without the mark of UTF-8 that editors on Windows write, which no JSON begins with.
  return new TextDecoder().decode(Buffer.concat(chunks))
}
