/** How much a profile may hold. What is larger is refused with the limit's word as reason. */
export interface ProfileLimits {
  /** Samples. Reason `samples`. */
  readonly samplesMax: number
  /** Locations, and functions. Reason `locations`. */
  readonly locationsMax: number
  /** Bytes of all strings. Reason `strings`. */
  readonly stringsBytesMax: number
  /** Different stacks, counted as nodes of their tree. Reason `stacks`. */
  readonly stacksMax: number
  /** Labels on one sample. Reason `label_count`. */
  readonly labelsPerSampleMax: number
}

export const DEFAULT_PROFILE_LIMITS: ProfileLimits = {
  samplesMax: 5_000_000,
  locationsMax: 4_000_000,
  stringsBytesMax: 256 * 1024 * 1024,
  stacksMax: 64 * 1024 * 1024,
  labelsPerSampleMax: 10_000,
}
