import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCapture } from '../../cli/capture/capture-command.ts'
import type { CaptureManifest } from '../../cli/capture/capture-folder.ts'
import { runCommand } from '../../cli/terminal/run-command.ts'
import { printedBy } from '../cli/printed-by.ts'
import type { ControlPlane } from './control-plane.ts'

export interface CaptureRun {
  readonly code: number
  readonly folder: string
  readonly files: readonly string[]
  /** What the diagnosis says. */
  readonly out: string
  /** How it went. */
  readonly error: string
  readonly manifest: CaptureManifest
}

/** Runs `kubeprof capture` in this process, into a new folder. */
export async function captureHere(
  cluster: ControlPlane,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CaptureRun> {
  const folder = mkdtempSync(join(cluster.folder, 'capture-'))
  const { code, out, error } = await printedBy(
    (io) => runCommand('capture', runCapture, [...args, '-o', folder], io),
    { env: { PATH: process.env['PATH'], ...env } },
  )
  const files = readdirSync(folder).sort()
  const manifest = files.includes('capture.json')
    ? JSON.parse(readFileSync(join(folder, 'capture.json'), 'utf8'))
    : null
  return { code, folder, files, out, error, manifest }
}
