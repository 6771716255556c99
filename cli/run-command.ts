import type { CommandIo, RunCommand } from './command-io.ts'

/** Runs a command and answers the exit code; what the command cannot do is told in a sentence. */
export async function runCommand(
  name: string,
  run: RunCommand,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    return await run(args, io)
  } catch (error) {
    const { CommandError } = await import('./command-error.ts')
    if (!(error instanceof CommandError)) throw error
    io.writeError(`kubeprof ${name}: ${error.message}\n`)
    return error.exitCode
  }
}
