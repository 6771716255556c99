import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../settings/settings.ts'
import { CommandError } from '../terminal/command-error.ts'

/** Throws a CommandError where a folder is not there, or is not one of data: a mistyped one is not made. */
export async function assertDatabase({ kind, directory }: Settings['store']): Promise<void> {
  if (kind !== 'sqlite' || (await hasDatabase(directory))) return
  throw new CommandError(`there is no kubeprof.db in ${directory}; name the folder with --data`)
}

export async function hasDatabase(directory: string): Promise<boolean> {
  return access(join(directory, 'kubeprof.db')).then(
    () => true,
    () => false,
  )
}
