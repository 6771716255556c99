import type { UsualCores } from '../../../api/index.ts'

/**
 * CPU time per second of functions with all that they call, in cores: of one capture, or of the captures of an hour. A
 * function is a key, the hash of its name; it has 0 where it is left out.
 */
export interface Levels {
  readonly captureCount: number
  /** In rising order. The whole profile is the function TOTAL_KEY. */
  readonly keys: Uint32Array
  readonly means: Float32Array
  /** The sum of squared differences from the mean. */
  readonly squares: Float32Array
  readonly highest: Float32Array
}

/** Levels of one capture at its time, or of an hour at its beginning. */
export interface TimedLevels {
  readonly atMs: number
  /** Of Kubernetes; null if unknown. */
  readonly version: string | null
  readonly levels: Levels
}

/** A rise that an earlier capture has shown and that may go on, or come back. */
export interface OpenRise extends UsualCores {
  readonly name: string
  /** When it ended, a short while ago: captures that had it say nothing of what is normal. Null while it goes on. */
  readonly endedAtMs: number | null
}

/** What is known of a process before a capture. */
export interface Baseline {
  /** When the capture was taken. */
  readonly atMs: number
  /** By time, each before the capture. */
  readonly captures: readonly TimedLevels[]
  /** By time; their captures are not in `captures`. */
  readonly hours: readonly TimedLevels[]
  readonly open: readonly OpenRise[]
}
