/** A source on the network returned no profile. The message is a predicate whose subject is the source. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}
