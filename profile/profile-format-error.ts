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

const REASONS: Readonly<Record<Exclude<ProfileFault, 'invalid'>, readonly string[]>> = {
  too_large: ['samples', 'locations', 'strings', 'stacks', 'inflated_bytes'],
  unsupported_encoding: ['zstd', 'deflate', 'xz', 'bzip2', 'lz4', 'compress', 'archive', 'zip'],
  not_a_profile: [
    'html',
    'svg',
    'picture',
    'json',
    'kubernetes_status',
    'http_status',
    'execution_trace',
    'legacy_text',
    'legacy_cpu',
    'perf_data',
    'jfr',
    'heap_dump',
    'program',
    'tar',
    'text',
  ],
}

export function faultOf({ reason }: ProfileFormatError): ProfileFault {
  const is = (fault: keyof typeof REASONS) => REASONS[fault].includes(reason)
  if (is('too_large')) return 'too_large'
  if (is('unsupported_encoding')) return 'unsupported_encoding'
  return is('not_a_profile') ? 'not_a_profile' : 'invalid'
}
