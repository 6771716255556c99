import type { CommandIo, RunCommand } from './command-io.ts'

/** A failure of the program, not of its input (sysexits' EX_SOFTWARE); 1 would mean findings. */
const BUG_EXIT_CODE = 70

/** Runs a command and returns the exit code; a CommandError is printed as one sentence. */
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
    // By default Node prints the source line too, which in the bundle is the whole file.
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
