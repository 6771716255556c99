import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackingInput } from '../../history/index.ts'
import { type BlobStore, readBlob } from '../../store/blobs.ts'
import { DECODER_MEMORY } from '../../worker/index.ts'

/** Of all the days: the most memory (RSS), and the processor time. */
export interface Compacted {
  readonly peakMb: number
  readonly cpuMs: number
}

/** It loads no more than a decoder does. */
const MAIN = fileURLToPath(new URL('compact-days-main.ts', import.meta.url))
const { env, execArgv } = DECODER_MEMORY
const MEMORY = { env, execArgv: [...execArgv, '--max-old-space-size=768'] }

/** Packs the day of each of so many targets from its blocks of hours, in a process that has the memory of a decoder. */
export async function compactDays(
  blobs: Pick<BlobStore, 'get'>,
  hours: PackingInput['blocks'],
  targets: number,
): Promise<Compacted> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-compact-'))
  try {
    for (const { blobKey } of hours) {
      writeFileSync(join(folder, blobKey), await readBlob(blobs, blobKey))
    }
    writeFileSync(join(folder, 'hours.json'), JSON.stringify(hours))
    const child = fork(MAIN, [folder, String(targets)], MEMORY)
    const exited = once(child, 'exit')
    await exited
    return JSON.parse(readFileSync(join(folder, 'compacted.json'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
