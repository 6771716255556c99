import { fileURLToPath } from 'node:url'
import type { StoreOptions } from '../../store/index.ts'
import { type DecoderPool, openDecoderPool } from './decoder-pool.ts'
import { toArguments } from './decoder-settings.ts'
import { furtherRulesOf, type WorkerOptions } from '../options.ts'

export interface DecodersOptions {
  readonly worker: WorkerOptions
  readonly store: StoreOptions
  /** The folder of the rules. */
  readonly rulesDirectory: string
}

/**
 * The decoder processes of kubeprof: one more than analyses may use, so that views never wait for a
 * backlog.
 */
export function openDecoders({ worker, store, rulesDirectory }: DecodersOptions): DecoderPool {
  return openDecoderPool({
    entry: fileURLToPath(new URL('../decoder/decoder-main.ts', import.meta.url)),
    args: toArguments({ store, rulesDirectory, furtherRules: furtherRulesOf(worker) }),
    memoryBytesMax: worker.decoderMemoryBytesMax,
    processesMax: worker.analysesMax + 1,
    processesWarm: worker.decodersWarm,
    waitingMax: worker.viewsWaitingMax,
  })
}
