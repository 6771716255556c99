import { createHash } from 'node:crypto'
import { AppError, DEFAULT_SPACE } from '../../api/index.ts'
import type { Queue } from '../../queue/index.ts'
import type {
  AddedProfile,
  BlobStore,
  CapturePlace,
  CaptureStore,
  ProfileSource,
  ProfileStore,
} from '../../store/index.ts'
import { NO_TRACER, type Tracer } from '../tracer.ts'
import { openUploadGate, type Upload, type UploadLimits } from './upload-gate.ts'

export interface ReceivedProfile {
  readonly source: ProfileSource
  /** Whose share of the uploads under way it takes. */
  readonly caller: string
  /** The body as sent: profile.proto, gzipped or not. */
  readonly body: AsyncIterable<Uint8Array>
  /** The declared size of the body, to refuse one that is too large before it is read. */
  readonly declaredSizeBytes: number | null
  /** The capture that the profile is part of. */
  readonly capture?: CapturePlace
}

/** Stores profiles. Every profile goes through here, whatever its source. */
export interface ProfileReceiver {
  /**
   * Stores the profile, durably, and notifies the queue of its analysis. Throws BODY_MISSING, UPLOAD_TOO_LARGE,
   * UNSUPPORTED_ENCODING, NOT_A_PROFILE, RATE_LIMITED, OVERLOADED, SHUTTING_DOWN, CAPTURE_FINISHED and what the store throws.
   */
  receive(profile: ReceivedProfile): Promise<AddedProfile>
  /** How scarce room for uploads is for the caller: 0 to 1. */
  scarcity(caller: string): number
  /** Further calls throw SHUTTING_DOWN; settles when the uploads under way have ended. */
  close(): Promise<void>
}

export interface ReceiverNeeds {
  readonly options: UploadLimits
  readonly profiles: Pick<ProfileStore, 'add'>
  readonly captures: Pick<CaptureStore, 'addProfile'>
  readonly blobs: Pick<BlobStore, 'put' | 'delete' | 'checkSpace'>
  readonly queue: Pick<Queue, 'notify'>
  /**
   * Returns what is wrong with an upload that begins with these bytes, or `null`. This process does not decode, but it
   * can recognize an HTML page at once.
   */
  readonly refuseHead: (head: Uint8Array, isWhole: boolean) => AppError | null
  /** Called when the queue did not take a notification. The sweep will find the profile, so it is only counted. */
  readonly onNotifyFailed: (error: unknown) => void
  readonly now?: () => number
  readonly tracer?: Tracer
}

/**
 * In this order a crash at any line leaves a consistent state: the bytes are durable before the row, the row before
 * the answer, and the notification, which may be lost, comes last.
 */
export function openProfileReceiver(needs: ReceiverNeeds): ProfileReceiver {
  const gate = openUploadGate(needs.options)
  const { tracer = NO_TRACER } = needs
  return {
    async receive(profile) {
      const upload = gate.enter(profile)
      try {
        return await tracer.span('receive', {}, async (addAttributes) => {
          const added = await store(needs, profile, upload)
          const { id, sizeBytes } = added.profile
          addAttributes({ 'kubeprof.profile.id': id, 'kubeprof.profile.bytes': sizeBytes })
          return added
        })
      } finally {
        upload.leave()
      }
    },
    scarcity: (caller) => gate.scarcity(caller),
    close: () => gate.close(),
  }
}

async function store(
  { profiles, captures, blobs, queue, refuseHead, onNotifyFailed, now = Date.now }: ReceiverNeeds,
  { source, body, capture }: ReceivedProfile,
  upload: Upload,
): Promise<AddedProfile> {
  await blobs.checkSpace()
  const blob = await blobs.put(checked(body, upload, refuseHead))
  const dedupeKey = dedupeKeyOf(blob.sha256, source, capture)
  const profile = { source, dedupeKey, blob, receivedAtMs: now() }
  const added = await (capture === undefined
    ? profiles.add(profile)
    : captures.addProfile(capture, profile))
  // Both run after the answer, and must neither delay it nor make it fail.
  if (added.isDuplicate) blobs.delete(blob.key).catch(ignoreOrphanedBlob)
  if (added.analysisId !== null) queue.notify(added.analysisId).catch(onNotifyFailed)
  return added
}

/** Enough to recognize the format. */
const HEAD_BYTES = 512

/** Counts the bytes and checks the first of them. */
export async function* checked(
  body: AsyncIterable<Uint8Array>,
  upload: Upload,
  refuseHead: ReceiverNeeds['refuseHead'],
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0)
  for await (const chunk of body) {
    upload.count(chunk.length)
    if (head === null) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    throwIfRefused(refuseHead(head, false))
    yield head
    head = null
  }
  if (head === null) return
  if (head.length === 0) throw emptyProfile()
  throwIfRefused(refuseHead(head, true))
  yield head
}

function throwIfRefused(refusal: AppError | null): void {
  if (refusal !== null) throw refusal
}

/**
 * The same content from the same source is the same profile, whatever the order of its labels. Within a capture the
 * file's name is the identity: the same empty mutex profile in each capture is a new fact each time.
 */
function dedupeKeyOf(sha256: string, source: ProfileSource, capture?: CapturePlace): string {
  if (capture !== undefined) return hashOf(['capture', capture.claim.id, capture.name])
  const labels = source.labels.map(({ name, value }) => [name, value]).sort(byName)
  const { target, component, instance, cluster, type, takenAtMs } = source
  const identity = [sha256, target, component, instance, cluster, type, takenAtMs, labels]
  const { space = DEFAULT_SPACE } = source
  // In each space it is new, so that no space shows what another has; identities of the default space are older.
  return hashOf(space === DEFAULT_SPACE ? identity : [...identity, { space }])
}

function hashOf(identity: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex')
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : Number(a > b)
}

/** The sweep finds and deletes a blob without a row. */
function ignoreOrphanedBlob(): void {}

/** What an upload of nothing most likely is. */
export function emptyProfile(): AppError {
  return new AppError('BODY_MISSING', {
    message: 'It is empty: the process answered nothing (etcd: --enable-pprof is off by default).',
  })
}
