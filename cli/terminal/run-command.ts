import type { CommandIo, RunCommand } from './command-io.ts'

/** The program failed, and not what it was given (sysexits' EX_SOFTWARE); 1 would tell of findings. */
const BUG_EXIT_CODE = 70

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
    if (error instanceof CommandError) {
      io.writeError(`kubeprof ${name}: ${error.message}\n`)
      return error.exitCode
    }
    // Left alone, Node would print the line of the source too, which in the bundle is all of it.
    io.writeError(`kubeprof ${name}: ${describeBug(error)}\n`)
    return BUG_EXIT_CODE
  }
}

const STACK_LINES_MAX = 6

function describeBug(error: unknown): string {
  if (!(error instanceof Error)) return `a bug in kubeprof: ${String(error)}`
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return ['a bug in kubeprof: ' + String(error), ...frames.slice(0, STACK_LINES_MAX)].join('\n')
}
