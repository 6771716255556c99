import type { CapturePart } from '../../api/index.ts'
import type { CaptureProgress } from '../take/capture-outcome.ts'
import type { CapturePlan } from '../take/capture-plan.ts'

/** Changes are written together after this long: each write is a commit, and a quick capture needs only the last. */
const WRITE_DELAY_MS = 250

/** Writes the parts of a capture as they change, for those who watch it. */
export interface TrackedParts {
  readonly onProgress: (progress: CaptureProgress) => void
  /** Stops writing, and settles once the last write has ended: the end of the capture writes all parts. */
  readonly settled: () => Promise<void>
}

/**
 * Passes the parts to `write` whenever one begins or ends. Changes during a write are written together after it, so
 * watching never delays a capture.
 */
export function trackParts(
  plan: CapturePlan,
  write: (parts: readonly CapturePart[]) => Promise<unknown>,
): TrackedParts {
  const parts = new Map(
    plan.parts
      .filter(({ isRare }) => !isRare)
      .map(({ kind, fileName }): readonly [string, CapturePart] => [
        fileName,
        { ...WAITING, kind, fileName },
      ]),
  )
  let isChanged = false
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function writeAll(): Promise<void> {
    while (isChanged) {
      isChanged = false
      // After a failed write, the end of the capture writes the parts.
      await write([...parts.values()]).catch(() => undefined)
    }
    writing = null
    timer = undefined
  }

  return {
    onProgress(progress) {
      const changed = changedPart(progress)
      parts.set(changed.fileName ?? '', changed)
      isChanged = true
      timer ??= setTimeout(() => {
        writing = writeAll()
      }, WRITE_DELAY_MS)
    },
    async settled() {
      clearTimeout(timer)
      await writing
    },
  }
}

const WAITING = {
  state: 'waiting',
  profileId: null,
  sizeBytes: null,
  durationMs: null,
  error: null,
  note: null,
} as const

function changedPart(progress: CaptureProgress): CapturePart {
  if (progress.event === 'ends') {
    const { error, durationMs, ...part } = progress.part
    return {
      ...part,
      durationMs: durationMs === null ? null : Math.round(durationMs),
      error: error === null ? null : { code: error.code, message: error.message },
    }
  }
  const { kind, fileName } = progress
  return { ...WAITING, state: 'taking', kind, fileName, note: noteOf(progress) }
}

function noteOf(progress: Exclude<CaptureProgress, { event: 'ends' }>): string | null {
  if (progress.event === 'begins') {
    return progress.seconds === null ? null : `measures ${progress.seconds} s`
  }
  return `tries again in ${Math.ceil(progress.forMs / 1000)} s: ${progress.error.message}`
}
