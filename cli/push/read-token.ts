import { readFile } from 'node:fs/promises'
import { CommandError } from '../terminal/command-error.ts'
import { fileFault } from '../terminal/file-fault.ts'
import type { CommandIo } from '../terminal/command-io.ts'

/** The token for a server: from the file that a flag names, else `$KUBEPROF_TOKEN`, else null. Throws a CommandError. */
export async function readToken(
  { flag, file }: { readonly flag: string; readonly file: string | undefined },
  { env }: CommandIo,
): Promise<string | null> {
  if (file === undefined) return env['KUBEPROF_TOKEN'] ?? null
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new CommandError(`${file}, the file of ${flag}, cannot be read: ${fileFault(error)}`)
  }
}
