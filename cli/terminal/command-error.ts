/** A command cannot do what was asked. The message is one sentence for the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 2: the command line is wrong; 69: something it needs is not there (sysexits' EX_UNAVAILABLE). */
  readonly exitCode: 2 | 3 | 69

  constructor(message: string, exitCode: 2 | 3 | 69 = 2) {
    super(message)
    this.exitCode = exitCode
  }
}
