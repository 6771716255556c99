import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder in memory where the system has one: commits of a database wait for no disk there. */
export const MEMORY_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A new folder that is deleted when the test is over. */
export async function temporaryDirectory(parent = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(parent, 'kubeprof-test-'))
  // A process that was killed may have children that are about to end and write until then.
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }))
  return directory
}

/** As `temporaryDirectory`, in memory where that can be. */
export function memoryDirectory(): Promise<string> {
  return temporaryDirectory(MEMORY_FOLDER)
}
