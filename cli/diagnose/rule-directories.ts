import { statSync } from 'node:fs'
import { CommandError } from '../terminal/command-error.ts'

/** The folder that `--rules` names, as a list of at most one. Throws a CommandError where it does not exist. */
export function ruleDirectories(text: Readonly<Record<string, string>>): readonly string[] {
  const directory = text['rules']
  if (directory === undefined) return []
  if (!isFolder(directory)) throw new CommandError(`--rules: there is no folder "${directory}"`)
  return [directory]
}

/** Throws a CommandError where the path does not exist. */
export function isFolder(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`there is no file or folder "${path}"`)
  return stat.isDirectory()
}
