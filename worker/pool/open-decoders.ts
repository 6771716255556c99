import { join } from 'node:path'
import type { BlobOptions, BlobStore, StoreOptions } from '../../store/index.ts'
import { openBlobRelay } from './blob-relay.ts'
import { decoderEntry } from './decoder-entry.ts'
import type { AnswerHistory } from './history-relay.ts'
import { type DecoderPool, openDecoderPool } from './decoder-pool.ts'
import { type DecoderBlobs, toArguments } from './decoder-settings.ts'
import { furtherRulesOf, type WorkerOptions } from '../options.ts'

export interface DecodersOptions {
  readonly worker: WorkerOptions
  readonly store: StoreOptions
  readonly blobs: BlobOptions
  /** The opened store of these options. */
  readonly blobStore: BlobStore
  /** Answers questions about history; `null` where that lies in blocks. */
  readonly answerHistory: AnswerHistory | null
  /** The folder of the rules. */
  readonly rulesDirectory: string
}

/**
 * The decoder processes of kubeprof: two more than analyses may use, so that views never wait for a
 * backlog or for the packing of history.
 */
export function openDecoders(options: DecodersOptions): DecoderPool {
  const { worker, store, rulesDirectory } = options
  // Bytes in S3 come through this process: decoders have neither its credentials nor a network client.
  const relay =
    options.blobs.kind === 'files'
      ? null
      : openBlobRelay(options.blobStore, join(store.directory, 'tmp'))
  const blobs: DecoderBlobs =
    relay === null
      ? { through: 'files', ...store }
      : { through: 'parent', directory: relay.directory }
  return openDecoderPool({
    entry: decoderEntry(),
    args: toArguments({ blobs, rulesDirectory, furtherRules: furtherRulesOf(worker) }),
    relay,
    answerHistory: options.answerHistory,
    memoryBytesMax: worker.decoderMemoryBytesMax,
    processesMax: worker.analysesMax + 2,
    processesWarm: worker.decodersWarm,
    waitingMax: worker.viewsWaitingMax,
  })
}
