import type { CaptureKind, ProfileType } from '../../api/index.ts'
import type { CapturePlace, ClaimedCapture } from '../../store/index.ts'
import type { CaptureReceiver } from '../receive/receive-capture.ts'
import type { ProfileReceiver } from '../receive/receive-profile.ts'
import type { CaptureSink, SinkPart } from '../take/capture-outcome.ts'

/** The facts stored with every profile of one capture. */
export interface CapturedSource {
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
}

export interface StoreSinkNeeds {
  readonly profiles: Pick<ProfileReceiver, 'receive'>
  readonly files: Pick<CaptureReceiver, 'receiveFile'>
  readonly claim: ClaimedCapture
  readonly source: CapturedSource
  readonly onBytes: (sizeBytes: number) => void
}

/** The kinds that are stored as profiles; the others are files of the capture. */
const PROFILE_TYPES: Partial<Readonly<Record<CaptureKind, ProfileType>>> = {
  cpu: 'cpu',
  heap: 'heap',
  allocs: 'allocs',
  goroutine: 'goroutine',
  block: 'block',
  mutex: 'mutex',
  threadcreate: 'threadcreate',
  goroutineleak: 'goroutine',
  'goroutine-text': 'goroutine',
}

/** Stores the parts of a capture as they arrive, so profiles are analysed while the capture continues. */
export function storeSink(needs: StoreSinkNeeds): CaptureSink {
  const { profiles, files, claim, source, onBytes } = needs
  return {
    async write(part, body) {
      const place: CapturePlace = {
        claim,
        kind: part.kind,
        name: part.fileName,
        durationMs: null,
        note: null,
      }
      const type = PROFILE_TYPES[part.kind]
      if (type === undefined) {
        const { sizeBytes } = await files.receiveFile(place, body)
        onBytes(sizeBytes)
        return { sizeBytes }
      }
      const { profile } = await profiles.receive({
        caller: 'collector',
        source: {
          ...source,
          type,
          takenAtMs: takenAtMs(part),
          fileName: part.fileName,
          labels: [],
        },
        body,
        declaredSizeBytes: null,
        capture: place,
      })
      onBytes(profile.sizeBytes)
      return { sizeBytes: profile.sizeBytes, profileId: profile.id }
    },
  }
}

function takenAtMs(part: SinkPart): number {
  return Math.floor(part.takenAtMs)
}
