import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import type { PackingInput } from '../../history/index.ts'
import { BUILT_IN_RULES } from '../../judge/index.ts'
import {
  BlobOptions,
  type BlobStore,
  openFsBlobStore,
  readBlob,
  StoreOptions,
} from '../../store/index.ts'
import { type DecoderPool, openDecoders, WorkerOptions } from '../../worker/index.ts'
import { descendantsOf, processorTimesOf } from '../service/processor-times.ts'

/** Of all the days: the most memory (RSS) of a process, and the processor time. */
export interface Compacted {
  readonly peakMb: number
  readonly cpuMs: number
}

/** Longer than any day takes. */
const PACK_MS_MAX = 600_000

/** Packs the day of each of so many targets from its blocks of hours, in the decoder processes of a worker. */
export async function compactDays(
  blobs: Pick<BlobStore, 'get'>,
  hours: PackingInput['blocks'],
  targets: number,
): Promise<Compacted> {
  const directory = mkdtempSync(join(tmpdir(), 'kubeprof-bench-compact-'))
  const store = { ...Value.Create(StoreOptions), directory, freeBytesMin: 0, reserveBytes: 0 }
  const files = await openFsBlobStore({ ...store, onDiskFailure: () => undefined })
  const pool = openDecoders({
    worker: Value.Create(WorkerOptions),
    store,
    blobs: Value.Create(BlobOptions),
    blobStore: files,
    answerHistory: null,
    rulesDirectory: BUILT_IN_RULES,
  })
  try {
    const blocks = []
    for (const hour of hours) {
      const { key } = await files.put(await readBlob(blobs, hour.blobKey))
      blocks.push({ ...hour, id: key, blobKey: key })
    }
    const before = processorTimesOf(process.pid).childrenMs
    let peakMb = 0
    for (let target = 0; target < targets; target++) {
      const packed = await packDay(pool, blocks)
      for (const { blob } of packed) await files.delete(blob.key)
      peakMb = Math.max(peakMb, ...descendantsOf(process.pid).map(peakMbOf))
    }
    return { peakMb, cpuMs: processorTimesOf(process.pid).childrenMs - before }
  } finally {
    await pool.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function packDay(pool: DecoderPool, blocks: PackingInput['blocks']) {
  const decoder = await pool.take(null)
  try {
    const input = { blocks, pending: [], skippedIds: [], isWholeDay: true }
    return (await decoder.run({ kind: 'pack', ...input }, { msMax: PACK_MS_MAX })).blocks
  } finally {
    decoder.giveBack()
  }
}

/**
 * The most memory that a process has had; 0 where the system does not say. `maxRSS` of a process begins with what its
 * parent had when it was started.
 */
function peakMbOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6
  } catch {
    return 0
  }
}
