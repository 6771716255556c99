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
