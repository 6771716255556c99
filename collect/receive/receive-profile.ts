import { createHash } from 'node:crypto'
import { AppError } from '../../api/index.ts'
import type { Queue } from '../../queue/index.ts'
import type {
  AddedProfile,
  BlobStore,
  CapturePlace,
  CaptureStore,
  ProfileSource,
  ProfileStore,
} from '../../store/index.ts'
import { openUploadGate, type Upload, type UploadLimits } from './upload-gate.ts'

export interface ReceivedProfile {
  readonly source: ProfileSource
  /** The bytes as they come: any of gzip or plain profile.proto. */
  readonly body: AsyncIterable<Uint8Array>
  /** What the caller says the body's size is, to refuse it before it is read. */
  readonly declaredSizeBytes: number | null
  /** The capture that it is taken for. */
  readonly capture?: CapturePlace
}

/** The way of every profile into the store, whoever brings it. */
export interface ProfileReceiver {
  /**
   * Stores the profile, durably, and notifies the queue of its analysis. Throws BODY_MISSING, UPLOAD_TOO_LARGE,
   * UNSUPPORTED_ENCODING, NOT_A_PROFILE, OVERLOADED, SHUTTING_DOWN, CAPTURE_FINISHED and what the store throws.
   */
  receive(profile: ReceivedProfile): Promise<AddedProfile>
  /** From now on throws SHUTTING_DOWN; settles when the uploads under way are over. */
  close(): Promise<void>
}

export interface ReceiverNeeds {
  readonly options: UploadLimits
  readonly profiles: Pick<ProfileStore, 'add'>
  readonly captures: Pick<CaptureStore, 'addProfile'>
  readonly blobs: Pick<BlobStore, 'put' | 'delete' | 'checkSpace'>
  readonly queue: Pick<Queue, 'notify'>
  /**
   * Says what is wrong with an upload whose first bytes are these, or `null`. Decoding has no place in this process,
   * but a page of HTML can be told from a profile at once.
   */
  readonly refuseHead: (head: Uint8Array, isWhole: boolean) => AppError | null
  /** Called when the queue did not take a notification. The sweep will find the profile; it is only counted. */
  readonly onNotifyFailed: (error: unknown) => void
  readonly now?: () => number
}

/**
 * In this order a crash at any line leaves nothing wrong: the bytes are durable before the row is, the row before the
 * answer, and the notification, which may be lost, comes last.
 */
export function openProfileReceiver(needs: ReceiverNeeds): ProfileReceiver {
  const gate = openUploadGate(needs.options)
  return {
    async receive(profile) {
      const upload = gate.enter(profile.declaredSizeBytes)
      try {
        return await store(needs, profile, upload)
      } finally {
        upload.leave()
      }
    },
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
  // Both are for after the answer, and neither may hold it up or fail it.
  if (added.isDuplicate) blobs.delete(blob.key).catch(ignoreOrphanedBlob)
  if (added.analysisId !== null) queue.notify(added.analysisId).catch(onNotifyFailed)
  return added
}

/** Enough to tell what the bytes are. */
const HEAD_BYTES = 512

/** Counts the bytes and looks at the first of them. */
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
  if (head.length === 0) throw new AppError('BODY_MISSING')
  throwIfRefused(refuseHead(head, true))
  yield head
}

function throwIfRefused(refusal: AppError | null): void {
  if (refusal !== null) throw refusal
}

/**
 * The same content of the same source is the same profile, however its labels are ordered. Within a capture its name
 * is its identity: that nobody waits for a mutex is a fact each time.
 */
function dedupeKeyOf(sha256: string, source: ProfileSource, capture?: CapturePlace): string {
  if (capture !== undefined) return hashOf(['capture', capture.claim.id, capture.name])
  const labels = source.labels.map(({ name, value }) => [name, value]).sort(byName)
  const { target, component, instance, cluster, type, takenAtMs } = source
  return hashOf([sha256, target, component, instance, cluster, type, takenAtMs, labels])
}

function hashOf(identity: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex')
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : Number(a > b)
}

/** A file that no row knows is found and deleted by the sweep. */
function ignoreOrphanedBlob(): void {}
