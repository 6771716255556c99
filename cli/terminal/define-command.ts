import { CommandError } from './command-error.ts'
import type { CommandIo, RunCommand } from './command-io.ts'
import { describeFlags, type FlagSpec, type ParsedFlags, parseFlags } from './parse-flags.ts'

export interface CommandDefinition {
  readonly name: string
  /** What `--help` prints above the flags: usage, description, exit codes. Where it is absent, one line. */
  readonly usage?: string
  readonly flags: Readonly<Record<string, FlagSpec>>
  /** False where any argument other than flags is a mistake. */
  readonly takesArguments: boolean
  /** Rewrites the command line before it is read. */
  readonly rewriteArgs?: (args: readonly string[]) => readonly string[]
  /** Returns the exit code. Throws a CommandError. */
  readonly run: (flags: ParsedFlags, io: CommandIo) => Promise<number>
}

/** A command that parses its flags, answers `--help`, and refuses arguments where it takes none. */
export function defineCommand(definition: CommandDefinition): RunCommand {
  const { name, takesArguments, rewriteArgs, run } = definition
  const usage = definition.usage ?? `usage: kubeprof ${name} [flags]\n`
  const specs: Readonly<Record<string, FlagSpec>> = {
    ...definition.flags,
    help: { kind: 'switch', help: 'Print this' },
  }
  return async (args, io) => {
    const flags = parseFlags(rewriteArgs?.(args) ?? args, specs)
    if (flags.switches.has('help')) {
      io.writeOut(`${usage}\n${describeFlags(specs)}`)
      return 0
    }
    const [argument] = flags.positionals
    if (!takesArguments && argument !== undefined) {
      throw new CommandError(`${name} takes no argument, but got "${argument}"`)
    }
    return await run(flags, io)
  }
}
