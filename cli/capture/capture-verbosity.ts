import type { ProcessAddress, TargetSpec } from '../../store/index.ts'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import { type Reach, setVerbosity, strandedVerbosities } from '../../collect/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { cleanText } from '../terminal/terminal-text.ts'

/** Where raised log levels are recorded: https://specifications.freedesktop.org/basedir-spec/ */
export function stateFolder({ env }: CommandIo): string {
  const state = env['XDG_STATE_HOME'] ?? ''
  return join(state === '' ? join(env['HOME'] ?? homedir(), '.local', 'state') : state, 'kubeprof')
}

/** The level to restore: the one given, or that in the static pod's flags. Throws a CommandError. */
export async function levelToRestore(
  given: number | null,
  { target, address }: { readonly target: TargetSpec; readonly address: ProcessAddress },
  { reach, signal }: { readonly reach: Reach; readonly signal: AbortSignal },
): Promise<number> {
  if (given !== null) return given
  let why = 'no static pod shows it'
  try {
    const level = await reach.readVerbosity(target, address, signal)
    if (level !== null) return level
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    why = error.message
  }
  throw new CommandError(
    `the log level that ${address.instance} was started with is not known (${cleanText(why)}): give --verbosity-after`,
  )
}

/** Restores the log level of a process that was raised by a command that was then killed. */
export async function restoreStranded(
  target: TargetSpec,
  address: ProcessAddress,
  { reach, io }: { readonly reach: Reach; readonly io: CommandIo },
): Promise<void> {
  const all = await strandedVerbosities(stateFolder(io))
  const stranded = all.find(({ key, pid }) => key === address.key && !isAlive(pid))
  if (stranded === undefined) return
  const connection = await reach.openConnection(target, address)
  try {
    await setVerbosity(connection, stranded.restoreTo)
    await stranded.forget()
    io.writeError(
      `  note: the log level, left raised by an earlier command, is ${stranded.restoreTo} again\n`,
    )
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    io.writeError(
      `  note: the log level is left raised by an earlier command: ${cleanText(error.message)}\n`,
    )
  } finally {
    connection.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
