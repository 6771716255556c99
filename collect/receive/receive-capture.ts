import type { UploadSource } from './uploaded-capture.ts'
import { AppError, type CapturePartKind, type ProfileType } from '../../api/index.ts'
import type { Queue } from '../../queue/index.ts'
import type {
  AddedCapture,
  BlobStore,
  CapturePlace,
  CaptureStore,
  StoredBlob,
  UploadedFile,
} from '../../store/index.ts'
import type { ReceiveOptions } from '../options.ts'
import { arrivingFiles, limited, readDescription } from './arriving-files.ts'
import type { BundleEntry, SkippedEntry } from './bundle-entry.ts'
import { type IgnoredField, readBundleFacts } from './bundle-facts.ts'
import { NO_TRACER } from '../tracer.ts'
import { checked, type ReceiverNeeds } from './receive-profile.ts'
import { openUploadGate, type Upload } from './upload-gate.ts'
import { uploadedCapture } from './uploaded-capture.ts'

export interface ReceivedCapture {
  /** Whose share of the uploads under way it takes. */
  readonly caller: string
  /** Its files. A file whose name is that of a tar is replaced by the files in it. */
  readonly entries: AsyncIterable<BundleEntry>
  /** Called once all entries are read, because a form may send its fields last. */
  readonly source: () => UploadSource
  readonly declaredSizeBytes: number | null
}

/** The kind of a file of a capture, by its name. */
export interface CaptureFileDescription {
  readonly kind: CapturePartKind
  readonly isProfile: boolean
  /** The kind of profile, where the name shows it. */
  readonly type: ProfileType | null
}

/** `skipped`: the entries of the bundle that are no files. `ignored`: what of its `capture.json` was not read. */
export interface ReceivedBundle extends AddedCapture {
  readonly skipped: readonly SkippedEntry[]
  readonly ignored: readonly IgnoredField[]
}

/** Stores captures that were taken elsewhere, and the files of captures being taken. */
export interface CaptureReceiver {
  /**
   * Stores a bundle, durably and whole or not at all, and notifies the queue of its analyses. Throws BODY_MISSING, BUNDLE_INVALID,
   * UPLOAD_TOO_LARGE, REQUEST_TIMEOUT, NOT_A_PROFILE, RATE_LIMITED, OVERLOADED, SHUTTING_DOWN and what the store throws.
   */
  receive(capture: ReceivedCapture): Promise<ReceivedBundle>
  /** How scarce room for bundles is for the caller: 0 to 1. */
  scarcity(caller: string): number
  /** Stores a file, other than a profile, of a capture being taken. Throws CAPTURE_FINISHED when its lease was lost. */
  receiveFile(place: CapturePlace, body: AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** Further calls throw SHUTTING_DOWN; settles when the uploads under way have ended. */
  close(): Promise<void>
}

export interface CaptureReceiverNeeds extends Pick<
  ReceiverNeeds,
  'refuseHead' | 'onNotifyFailed' | 'now' | 'tracer'
> {
  readonly options: ReceiveOptions
  readonly captures: Pick<CaptureStore, 'addUploaded' | 'addFile'>
  readonly blobs: Pick<BlobStore, 'put' | 'delete' | 'checkSpace'>
  readonly queue: Pick<Queue, 'notify'>
  readonly describeFile: (name: string) => CaptureFileDescription
}

/**
 * As with profiles, a crash at any line leaves a consistent state: the bytes of all files are durable before one
 * commit makes them a capture, the commit precedes the answer, and the notifications, which may be lost, come last.
 */
export function openCaptureReceiver(needs: CaptureReceiverNeeds): CaptureReceiver {
  const { options, captures, blobs, tracer = NO_TRACER } = needs
  const gate = openUploadGate({
    uploadBytesMax: options.bundleBytesMax,
    uploadsInFlightMax: options.bundlesInFlightMax,
    uploadBytesInFlightMax: options.bundleBytesMax * options.bundlesInFlightMax,
  })
  return {
    async receive(capture) {
      const upload = gate.enter(capture)
      const files: UploadedFile[] = []
      try {
        return await tracer.span('receive', {}, async (addAttributes) => {
          const received = await storeBundle(needs, { capture, upload, files })
          addAttributes({ 'kubeprof.capture.id': received.capture.id })
          return received
        })
      } catch (error) {
        for (const { blob } of files) blobs.delete(blob.key).catch(ignoreOrphanedBlob)
        throw error
      } finally {
        upload.leave()
      }
    },
    async receiveFile({ claim, kind, name, durationMs, note }, body) {
      await blobs.checkSpace()
      const blob = await blobs.put(limited(body, name, options.uploadBytesMax))
      const isAdded = await captures.addFile(claim, { kind, name, durationMs, note, blob })
      if (isAdded) return blob
      await blobs.delete(blob.key)
      throw new AppError('CAPTURE_FINISHED')
    },
    scarcity: (caller) => gate.scarcity(caller),
    close: () => gate.close(),
  }
}

interface Bundle {
  readonly capture: ReceivedCapture
  readonly upload: Upload
  /** The blobs stored so far, to clean up after a failure. */
  readonly files: UploadedFile[]
}

async function storeBundle(
  needs: CaptureReceiverNeeds,
  { capture, upload, files }: Bundle,
): Promise<ReceivedBundle> {
  const { captures, blobs, queue, onNotifyFailed, options } = needs
  await blobs.checkSpace()
  const endMs = performance.now() + options.bundleMsMax
  let description: string | null = null
  const skipped: SkippedEntry[] = []
  const arrival = { upload, endMs, options, skipped }
  for await (const { name, body } of arrivingFiles(capture.entries, arrival)) {
    if (name === 'capture.json') description = await readDescription(body)
    else files.push(await storeFile(needs, { name, body, files }))
  }
  if (files.length === 0) throw new AppError('BODY_MISSING', { message: 'There is no file.' })
  if (!files.some(({ profile }) => profile !== null)) {
    throw new AppError('BUNDLE_INVALID', {
      message: 'The bundle holds no profile: cpu.pb.gz, heap.pb.gz, goroutine-debug2.txt.gz, ...',
      details: { reason: 'no_profile', names: files.map(({ name }) => name) },
    })
  }
  const source = capture.source()
  const facts = readBundleFacts(description)
  const added = await captures.addUploaded(uploadedCapture(source, facts, files))
  // Both run after the answer, and must neither delay it nor make it fail.
  if (added.isDuplicate) {
    for (const { blob } of files) blobs.delete(blob.key).catch(ignoreOrphanedBlob)
  }
  for (const id of added.analysisIds) queue.notify(id).catch(onNotifyFailed)
  return { ...added, skipped, ignored: facts.ignored }
}

const NAME_CHARS_MAX = 255

interface ArrivingFile extends BundleEntry {
  readonly files: readonly UploadedFile[]
}

async function storeFile(
  { options, blobs, describeFile, refuseHead }: CaptureReceiverNeeds,
  { name, body, files }: ArrivingFile,
): Promise<UploadedFile> {
  if (name.length > NAME_CHARS_MAX || files.some((file) => file.name === name)) {
    throw new AppError('BUNDLE_INVALID', {
      message:
        name.length > NAME_CHARS_MAX
          ? `The name of the entry "${name.slice(0, 40)}..." is longer than ${NAME_CHARS_MAX} characters.`
          : `The bundle holds two files named "${name}".`,
      details: { reason: 'name', entry: name.slice(0, NAME_CHARS_MAX) },
    })
  }
  const { kind, isProfile, type } = describeFile(name)
  const bytes = limited(body, name, options.uploadBytesMax)
  const blob = await blobs.put(isProfile ? checkedProfile(bytes, name, refuseHead) : bytes)
  return {
    name,
    kind,
    blob,
    profile: isProfile ? { ...NOTHING_DECLARED, type, fileName: name } : null,
  }
}

const NOTHING_DECLARED = {
  target: null,
  component: null,
  instance: null,
  cluster: null,
  takenAtMs: null,
  labels: [],
} as const

/** Refuses at once, by the name of the entry, what the first bytes show to be invalid. */
async function* checkedProfile(
  body: AsyncIterable<Uint8Array>,
  name: string,
  refuseHead: ReceiverNeeds['refuseHead'],
): AsyncGenerator<Uint8Array> {
  try {
    yield* checked(body, { count: () => undefined, leave: () => undefined }, refuseHead)
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['entry'] !== undefined) throw error
    throw new AppError(error.code === 'BODY_MISSING' ? 'BUNDLE_INVALID' : error.code, {
      message: `The entry "${name}": ${error.code === 'BODY_MISSING' ? 'it is empty.' : error.message}`,
      details: { ...error.details, entry: name },
      cause: error,
    })
  }
}

/** The sweep finds and deletes a blob without a row. */
function ignoreOrphanedBlob(): void {}
