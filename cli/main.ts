// The entry of `bin/kubeprof`: finds the command and loads that command alone.
import { writeSync } from 'node:fs'
import type { CommandIo } from './command-io.ts'
import { COMMANDS } from './commands.ts'

process.exitCode = await run(process.argv.slice(2), processIo())

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = '', ...rest] = args
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    const { runHelp } = await import('./help-command.ts')
    return runHelp(args, io)
  }
  const runCommand = await command.load()
  try {
    return await runCommand(rest, io)
  } catch (error) {
    const { CommandError } = await import('./command-error.ts')
    if (!(error instanceof CommandError)) throw error
    io.writeError(`kubeprof ${name}: ${error.message}\n`)
    return error.exitCode
  }
}

function processIo(): CommandIo {
  return {
    stdin: () => process.stdin,
    writeOut: (text) => writeAll(1, text),
    writeError: (text) => writeAll(2, text),
    get isTerminal() {
      return process.stdout.isTTY
    },
    env: process.env,
  }
}

/** Writes without `process.stdout`, whose streams take milliseconds to load. A closed pipe ends the program quietly. */
function writeAll(fd: number, text: string | Uint8Array): void {
  let rest = typeof text === 'string' ? Buffer.from(text) : text
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if (isErrno(error, 'EPIPE')) process.exit(0)
      if (!isErrno(error, 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
