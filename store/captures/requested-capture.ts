import type { CaptureKind } from '../../api/index.ts'

/** How long the CPU is profiled where nobody says. */
export const USUAL_CPU_SECONDS = 10

/** What is to be taken. The collector makes its plan of it when it knows the process. */
export interface RequestedCapture {
  /** `null` for the usual ones of the component. */
  readonly profiles: readonly CaptureKind[] | null
  /** Of the CPU profile; `null` for the usual time. */
  readonly seconds: number | null
  /** Of the execution trace. */
  readonly traceSeconds?: number
  /** Whether the heap profile runs a garbage collection first. */
  readonly hasGc?: boolean
  /** Raise klog's level for the time of the capture, and what to put back. */
  readonly verbosity?: { readonly level: number; readonly restoreTo?: number }
  /** When it was due, of a schedule or an alert. */
  readonly slotAtMs?: number
}
