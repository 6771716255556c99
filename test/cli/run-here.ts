import { COMMANDS } from '../../cli/commands.ts'
import { processIo } from '../../cli/terminal/process-io.ts'
import { runCommand } from '../../cli/terminal/run-command.ts'

/** `kubeprof NAME ARGS` in this process: for what needs no process of its own. */
export async function runHere(name: string, args: readonly string[]) {
  const printed = { stdout: '', stderr: '' }
  const io = {
    ...processIo(),
    writeOut: (text: string | Uint8Array) => void (printed.stdout += Buffer.from(text).toString()),
    writeError: (text: string) => void (printed.stderr += text),
  }
  const command = COMMANDS[name]
  if (command === undefined) throw new Error(`there is no command ${name}`)
  const code = await runCommand(name, await command.load(), args, io)
  return { code, ...printed }
}
