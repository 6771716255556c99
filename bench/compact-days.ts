import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packBlocks, type PackingInput } from '../history/index.ts'
import { type BlobStore, readBlob } from '../store/blobs.ts'
import { DECODER_ENV } from '../worker/index.ts'

/** Of all the days: the most memory (RSS), and the processor time. */
export interface Compacted {
  readonly peakMb: number
  readonly cpuMs: number
}

const MEMORY = { execArgv: ['--max-old-space-size=768'], env: DECODER_ENV }

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
    const child = fork(fileURLToPath(import.meta.url), [folder, String(targets)], MEMORY)
    const exited = once(child, 'exit')
    await exited
    return JSON.parse(readFileSync(join(folder, 'compacted.json'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compactHere(folder: string, targets: number): Promise<void> {
  const text = readFileSync(join(folder, 'hours.json'), 'utf8')
  const blocks: PackingInput['blocks'] = JSON.parse(text)
  const blobs: Pick<BlobStore, 'get' | 'put'> = {
    get: (key) => Promise.resolve(readFileSync(join(folder, key))),
    put(bytes) {
      if (bytes instanceof Uint8Array) writeFileSync(join(folder, 'day'), bytes)
      return Promise.resolve({ key: 'day', sha256: '', sizeBytes: 0 })
    },
  }
  for (let target = 0; target < targets; target++) {
    await packBlocks(blobs, { blocks, pending: [], skippedIds: [], isWholeDay: true })
  }
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const compacted: Compacted = {
    peakMb: (maxRSS * 1024) / 1e6,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
  }
  writeFileSync(join(folder, 'compacted.json'), JSON.stringify(compacted))
}

if (import.meta.main) {
  const [folder = '', targets = ''] = process.argv.slice(2)
  await compactHere(folder, Number(targets))
}
