/** A command cannot do what was asked. The message is one sentence for the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** docs/errors.md has the list. 69 is sysexits' EX_UNAVAILABLE. */
  readonly exitCode: 2 | 3 | 69

  constructor(message: string, exitCode: 2 | 3 | 69 = 2) {
    super(message)
    this.exitCode = exitCode
  }
}
