import type { CaptureKind } from '../../api/index.ts'

/** Default duration of the CPU profile. */
export const USUAL_CPU_SECONDS = 10

/** What to take. The collector plans the parts when it knows the process. */
export interface RequestedCapture {
  /** `null` for the default kinds of the component. */
  readonly profiles: readonly CaptureKind[] | null
  /** Duration of the CPU profile; `null` for the default. */
  readonly seconds: number | null
  /** Duration of the execution trace, in seconds. */
  readonly traceSeconds?: number
  /** Whether the heap profile runs a garbage collection first. */
  readonly hasGc?: boolean
  /** Raises klog's level to `level` during the capture; `restoreTo` is the level to restore. */
  readonly verbosity?: { readonly level: number; readonly restoreTo?: number }
  /** When the schedule or alert made it due. */
  readonly slotAtMs?: number
}
