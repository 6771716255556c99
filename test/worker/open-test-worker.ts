import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openInProcessQueue, type Queue } from '../../queue/index.ts'
import type { AnalysisVersions, CrashRules, Store } from '../../store/index.ts'
import { openDecoderPool } from '../../worker/pool/decoder-pool.ts'
import type { BlobRelay } from '../../worker/pool/blob-relay.ts'
import { type DecoderBlobs, toArguments } from '../../worker/pool/decoder-settings.ts'
import {
  makeWorkerMetrics,
  openCaptureJudge,
  openWorker,
  type WorkerOptions,
} from '../../worker/index.ts'
import { PATIENCE_MS } from '../patience.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'

const MIB = 1024 * 1024
const POISON_DECODER = fileURLToPath(new URL('poison-decoder.ts', import.meta.url))

/** Quick about what it does, and patient: a busy machine takes longer than it. */
export const QUICK: WorkerOptions = {
  analysesMax: 2,
  decodersWarm: 1,
  decoderMemoryBytesMax: 256 * MIB,
  analysisMsMax: PATIENCE_MS,
  viewMsMax: PATIENCE_MS,
  viewsWaitingMax: 10,
  rulesDirectory: '',
  retentionDays: 0,
  retentionBytesMax: 0,
  columnsDays: 0,
  scrubDays: 0,
  trashDays: 7,
  healthListen: '',
  leaseMs: PATIENCE_MS,
  sweepMs: 100,
}

export interface TestWorkerOptions extends Partial<WorkerOptions> {
  readonly directory?: string
  readonly store?: Store
  readonly queue?: Queue
  readonly crashRules?: CrashRules
  readonly versions?: AnalysisVersions
  /** Through which decoders get blobs, instead of from the folder. */
  readonly relay?: BlobRelay
}

/** The decoder processes of a test, which do what the uploaded text names. */
export function openTestPool(
  directory: string,
  options: WorkerOptions = QUICK,
  relay: BlobRelay | null = null,
) {
  const blobs: DecoderBlobs =
    relay === null
      ? { through: 'files', directory, freeBytesMin: 0, reserveBytes: 0 }
      : { through: 'parent', directory: relay.directory }
  const pool = openDecoderPool({
    entry: POISON_DECODER,
    args: toArguments({ blobs, rulesDirectory: '', furtherRules: [] }),
    relay,
    memoryBytesMax: options.decoderMemoryBytesMax,
    processesMax: options.analysesMax + 1,
    processesWarm: options.decodersWarm,
    waitingMax: options.viewsWaitingMax,
  })
  onTestFinished(() => pool.close())
  return pool
}

/** A whole worker. */
export async function openTestWorker({
  directory,
  store: storeGiven,
  queue = openInProcessQueue(),
  crashRules = { backoffMs: [50, 50], crashCountMax: 3 },
  versions = { decoder: '1', ruleSet: 'a' },
  relay,
  ...changes
}: TestWorkerOptions = {}) {
  const options = { ...QUICK, ...changes }
  const folder = directory ?? (await memoryDirectory())
  const store = storeGiven ?? (await openTestStore({ directory: folder }))
  const pool = openTestPool(folder, options, relay)
  const logged: { readonly message: string; readonly fields: object }[] = []
  const write = (fields: object, message: string) => void logged.push({ message, fields })
  const log = { info: write, warn: write, error: write }
  const judge = openCaptureJudge({ options, store, pool, versions, log, crashRules })
  const worker = await openWorker({
    options,
    store,
    queue,
    pool,
    judge,
    // What these decoders make of profiles is in no history.
    history: {
      append: async () => ({ lastId: null, count: 0 }),
      compact: async () => false,
      expire: async () => 0,
    },
    crashRules,
    versions,
    log,
    metrics: makeWorkerMetrics(),
  })
  onTestFinished(async () => {
    await worker.close()
    await judge.close()
    await queue.close()
  })
  return { store, queue, pool, worker, logged }
}
