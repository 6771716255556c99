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

const FAULTS: ReadonlyMap<string, ProfileFault> = new Map<string, ProfileFault>([
  ['samples', 'too_large'],
  ['locations', 'too_large'],
  ['strings', 'too_large'],
  ['stacks', 'too_large'],
  ['inflated_bytes', 'too_large'],
  ...['zstd', 'deflate', 'xz', 'bzip2', 'lz4', 'compress', 'archive', 'zip'].map(
    (reason) => [reason, 'unsupported_encoding'] as const,
  ),
  ...[
    ...['html', 'svg', 'picture', 'json', 'kubernetes_status', 'http_status', 'text', 'tar'],
    ...['execution_trace', 'legacy_text', 'legacy_cpu', 'perf_data', 'jfr', 'heap_dump', 'program'],
  ].map((reason) => [reason, 'not_a_profile'] as const),
])

export function faultOf({ reason }: ProfileFormatError): ProfileFault {
  return FAULTS.get(reason) ?? 'invalid'
}
