/** A report that cannot be made of this profile: an unknown sample type, a pattern without matches. One sentence. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
}
