import { readFileSync } from 'node:fs'
import { readProfile } from '../../gzip/node.ts'
import { type Profile, ProfileFormatError } from '../../profile/index.ts'
import { readStdin } from './read-stdin.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { fileFault } from '../terminal/file-fault.ts'

/** The profile in a file, or on standard input for `-`; null, with a report on stderr, where it cannot be read. */
export async function readProfileFile(
  path: string,
  io: CommandIo,
  command: string,
): Promise<Profile | null> {
  try {
    return readProfile(path === '-' ? await readStdin(io) : readFileSync(path), { isAsPprof: true })
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === null) throw error
    io.writeError(`kubeprof ${command}: ${path}: ${reason}\n`)
    return null
  }
}

/** What is wrong with a file; `null` for errors of kubeprof itself. */
function reasonOf(error: unknown): string | null {
  if (error instanceof ProfileFormatError) return error.message
  if (!(error instanceof Error) || !('code' in error)) return null
  return fileFault(error)
}
