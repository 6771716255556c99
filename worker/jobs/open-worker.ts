import type { Log, Tracer } from '../../collect/index.ts'
import type { Queue } from '../../queue/index.ts'
import type { AnalysisVersions, CrashRules, Store } from '../../store/index.ts'
import { openAnalyst } from './analyst.ts'
import type { CaptureJudge } from './capture-judge.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import type { WorkerOptions } from '../options.ts'
import type { WorkerMetrics } from '../worker-metrics.ts'
import { CRASH_RULES } from './run-job.ts'
import { type KeptHistory, openHistoryKeeper } from './history-keeper.ts'
import { openSweep } from './sweep.ts'

const JITTER_SHARE = 0.2

export interface WorkerNeeds {
  readonly options: WorkerOptions
  readonly store: Store
  readonly queue: Queue
  readonly pool: DecoderPool
  /** Closed by the caller. */
  readonly judge: Pick<CaptureJudge, 'drain'>
  readonly history: KeptHistory
  readonly versions: AnalysisVersions
  readonly log: Log
  readonly tracer?: Tracer
  readonly metrics: WorkerMetrics
  readonly crashRules?: CrashRules
  readonly now?: () => number
}

/** Analyses profiles on notification and, every few seconds, those found by a sweep. */
export interface Worker {
  /** Stops claiming, gives running analyses ten seconds, and releases those that take longer. */
  close(): Promise<void>
}

export async function openWorker(needs: WorkerNeeds): Promise<Worker> {
  const {
    options,
    queue,
    judge,
    log,
    crashRules = CRASH_RULES,
    now = needs.store.clock.now,
  } = needs
  const sweep = openSweep({ ...needs, now })
  const historyKeeper = openHistoryKeeper({ history: needs.history, log, now })
  const drainCaptures = () =>
    judge.drain().catch((error: unknown) => log.warn({ err: error }, 'could not judge captures'))
  const analyst = openAnalyst({ ...needs, crashRules, onCaptureRead: () => void drainCaptures() })
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | null = null
  let isClosed = false

  const isDeletionStopped = () =>
    needs.store.installation.stop().then(
      (stop) => stop !== null,
      () => true,
    )
  const plan = (delayMs: number) => {
    timer = setTimeout(() => {
      sweeping = sweepAndDrain().finally(() => {
        sweeping = null
        if (!isClosed) plan(options.sweepMs * (1 + JITTER_SHARE * (Math.random() - 0.5)))
      })
    }, delayMs)
  }
  const sweepAndDrain = async () => {
    await sweep.run()
    await analyst.drain().catch((error: unknown) => log.warn({ err: error }, 'could not claim'))
    void drainCaptures()
    // Packing deletes the blocks that it replaces.
    if (!(await isDeletionStopped())) void historyKeeper.drain()
  }

  await queue.onNotify((id) => analyst.handleNotification(id), { concurrency: options.analysesMax })
  plan(0)
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      await analyst.close()
      await sweeping
      await historyKeeper.close()
    },
  }
}
