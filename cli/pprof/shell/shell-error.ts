/** The prompt cannot do what a line says. The message is shown, and the prompt goes on. */
export class ShellError extends Error {
  override readonly name = 'ShellError'
}
