/** Why the bytes are not a profile. `reason` is a stable word for machines, `message` a sentence for people. */
export class ProfileFormatError extends Error {
  override readonly name = 'ProfileFormatError'
  readonly reason: string
  /** Where in the inflated bytes, or `null` where no single place is to blame. */
  readonly offsetBytes: number | null

  constructor(reason: string, message: string, offsetBytes: number | null = null) {
    super(offsetBytes === null ? message : `${message} (at byte ${offsetBytes})`)
    this.reason = reason
    this.offsetBytes = offsetBytes
  }
}

/** What a reason means for the caller: broken bytes, a passed limit, another compression, or no profile at all. */
export type ProfileFault = 'invalid' | 'too_large' | 'unsupported_encoding' | 'not_a_profile'

const FAULTS: ReadonlyMap<string, ProfileFault> = new Map([
  ['samples', 'too_large'],
  ['locations', 'too_large'],
  ['strings', 'too_large'],
  ['stacks', 'too_large'],
  ['inflated_bytes', 'too_large'],
  ['zstd', 'unsupported_encoding'],
  ['deflate', 'unsupported_encoding'],
  ['html', 'not_a_profile'],
  ['json', 'not_a_profile'],
  ['kubernetes_status', 'not_a_profile'],
  ['execution_trace', 'not_a_profile'],
  ['legacy_text', 'not_a_profile'],
  ['legacy_cpu', 'not_a_profile'],
  ['perf_data', 'not_a_profile'],
  ['program', 'not_a_profile'],
  ['text', 'not_a_profile'],
])

export function faultOf({ reason }: ProfileFormatError): ProfileFault {
  return FAULTS.get(reason) ?? 'invalid'
}
