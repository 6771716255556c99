import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../../terminal/command-error.ts'

export interface FileToView {
  readonly bytes: Uint8Array
  /** The extension, by which the program recognizes the format. */
  readonly suffix: string
  /** Candidates, of which the first that exists shows it: a name and its arguments. */
  readonly programs: readonly string[]
}

/** Some only hand the file to a running browser, and exit before it has read it. */
const READ_MS = 1_000

/**
 * Shows a temporary file. Resolves when the program has exited, or has started where `isBackground`.
 * Throws a CommandError where no such program is installed.
 */
export async function viewFile(
  { bytes, suffix, programs }: FileToView,
  { isBackground }: { readonly isBackground: boolean },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-view-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, `profile.${suffix}`)
  writeFileSync(path, bytes)
  for (const program of programs) {
    const [command = '', ...args] = program.split(' ')
    const viewer = spawn(command, [...args, path], { stdio: 'ignore', detached: isBackground })
    const isStarted = await once(viewer, 'spawn').then(
      () => true,
      () => false,
    )
    if (!isStarted) continue
    if (isBackground) {
      viewer.unref()
      return
    }
    const [[code]] = await Promise.all([once(viewer, 'exit'), sleep(READ_MS)])
    if (code === 0) return
    throw new CommandError(`${command} ended with code ${code}; -output FILE keeps the file`, 69)
  }
  const tried = programs.map((program) => program.split(' ')[0]).join(', ')
  throw new CommandError(
    `no program to show it was found (looked for ${tried}); -output FILE keeps the file, -http opens the web page`,
    69,
  )
}
