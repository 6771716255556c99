// The entry of `bin/kubeprof`: finds the command and loads only that command.
import type { CommandIo } from './terminal/command-io.ts'
import { COMMANDS } from './commands.ts'
import { processIo } from './terminal/process-io.ts'
import { runCommand } from './terminal/run-command.ts'

void run(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code
})

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = '', ...rest] = args[0] === 'help' && isCommand(args[1]) ? [args[1], '--help'] : args
  const command = isCommand(name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    const { runHelp } = await import('./help-command.ts')
    return runHelp(args, io)
  }
  return runCommand(name, await command.load(), rest, io)
}

function isCommand(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(COMMANDS, name)
}
