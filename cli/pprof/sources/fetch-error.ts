/** A source on the network gave no profile. The message says what it did, in a sentence whose subject is the source. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}
