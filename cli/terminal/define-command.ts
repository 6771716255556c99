import { CommandError } from './command-error.ts'
import type { CommandIo, RunCommand } from './command-io.ts'
import { describeFlags, type FlagSpec, type ParsedFlags, parseFlags } from './parse-flags.ts'

export interface CommandDefinition {
  readonly name: string
  /** What `--help` prints above the flags: usage, description, exit codes. Where it is absent, one line. */
  readonly usage?: string
  readonly flags: Readonly<Record<string, FlagSpec>>
  /** How many arguments it takes at most beside flags; where the first one names an action, how many follow which. */
  readonly argumentsMax: number | Readonly<Record<string, number>>
  /** Rewrites the command line before it is read. */
  readonly rewriteArgs?: (args: readonly string[]) => readonly string[]
  /** Returns the exit code. Throws a CommandError. */
  readonly run: (flags: ParsedFlags, io: CommandIo) => Promise<number>
}

/** A command that parses its flags, answers `--help`, and refuses arguments where it takes none. */
export function defineCommand(definition: CommandDefinition): RunCommand {
  const { name, argumentsMax, rewriteArgs, run } = definition
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
    refuseMore(name, flags.positionals, argumentsMax)
    return await run(flags, io)
  }
}

function refuseMore(
  name: string,
  positionals: readonly string[],
  max: CommandDefinition['argumentsMax'],
): void {
  const [action = ''] = positionals
  const [command, following, taken] =
    typeof max === 'number'
      ? [name, positionals, max]
      : [`${name} ${action}`, positionals.slice(1), max[action] ?? Number.POSITIVE_INFINITY]
  const extra = following[taken]
  if (extra === undefined) return
  const takes = ['no argument', 'one argument'][taken] ?? `${taken} arguments`
  throw new CommandError(`${command} takes ${takes}, but got "${extra}"`)
}
