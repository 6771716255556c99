/** Takes profiles of this very process, gzipped and in the format of pprof. */
export interface SelfProfiler {
  /** Where this process spends CPU time, for so many seconds. Throws OVERLOADED. */
  cpu(seconds: number, signal: AbortSignal): Promise<Uint8Array>
  /** The memory allocated within so many seconds that is still in use. Throws OVERLOADED. */
  heap(seconds: number, signal: AbortSignal): Promise<Uint8Array>
}
