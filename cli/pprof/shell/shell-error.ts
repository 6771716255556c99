/** The prompt cannot execute a line. The message is printed, and the prompt continues. */
export class ShellError extends Error {
  override readonly name = 'ShellError'
}
