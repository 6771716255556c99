import type { Log } from '../../collect/index.ts'
import {
  type ClickhouseDatabase,
  type HistoryOptions,
  type HistoryStore,
  openBlockHistory,
  openClickhouseHistory,
} from '../../history/index.ts'
import type { Store } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import { openLookThrough } from './look-through.ts'
import { withDecoder } from '../pool/with-decoder.ts'

const PACK_MS_MAX = 5 * 60_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface HistoryNeeds {
  readonly options: HistoryOptions
  readonly store: Pick<Store, 'history' | 'numberedHistory' | 'blobs'>
  /** Null where history lies in blocks. */
  readonly database: ClickhouseDatabase | null
  readonly pool: Pick<DecoderPool, 'take'>
  readonly now: () => number
}

/** History whose profiles are read in the decoder processes. */
export function openWorkerHistory({
  options,
  store,
  database,
  pool,
  now,
}: HistoryNeeds): HistoryStore {
  if (database !== null) {
    return openClickhouseHistory({
      rows: store.history,
      numbered: store.numberedHistory,
      database,
      options,
      now,
      pack: (input) =>
        withDecoder(pool.take(null), { kind: 'packNumbered', ...input }, { msMax: PACK_MS_MAX }),
    })
  }
  return openBlockHistory({
    rows: store.history,
    blobs: store.blobs,
    options,
    now,
    pack: (input) =>
      withDecoder(pool.take(null), { kind: 'pack', ...input }, { msMax: PACK_MS_MAX }),
    rollUp: (input) =>
      withDecoder(pool.take(null), { kind: 'rollUp', ...input }, { msMax: PACK_MS_MAX }),
  })
}

/** Packs what is due, one group after the other, so that other decoders stay free. */
export interface HistoryKeeper {
  /** Starts unless it is running; settles when nothing more is due. */
  drain(): Promise<void>
  /** Starts nothing more and waits for what is running. */
  close(): Promise<void>
}

/** What a worker does for history. */
export type KeptHistory = Pick<HistoryStore, 'append' | 'compact' | 'expire'>

export interface HistoryKeeperNeeds {
  readonly history: KeptHistory
  readonly log: Pick<Log, 'warn' | 'info'>
  readonly now: () => number
  readonly monotonicMs?: () => number
}

export function openHistoryKeeper({
  history,
  log,
  now,
  monotonicMs = () => performance.now(),
}: HistoryKeeperNeeds): HistoryKeeper {
  const append = openLookThrough((look) => history.append(look), {
    everyMs: DAY_MS,
    now,
    monotonicMs,
  })
  let expiredAtMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let isClosed = false

  async function keep(): Promise<void> {
    const count = await append()
    if (count > 0) log.info({ count }, 'entered stored profiles into history')
    while (await isCompacted());
    await expire()
  }

  async function expire(): Promise<void> {
    if (now() - expiredAtMs < MINUTE_MS) return
    const expiredCount = await history.expire()
    // Else the next time continues.
    if (expiredCount === 0) expiredAtMs = now()
    if (expiredCount > 0) log.info({ count: expiredCount }, 'deleted blocks of history')
  }

  /** Packs one group; false when nothing is due or no more may be started. */
  async function isCompacted(): Promise<boolean> {
    return !isClosed && (await history.compact())
  }

  return {
    drain() {
      if (isClosed) return Promise.resolve()
      running ??= keep()
        .catch((error: unknown) => log.warn({ err: error }, 'could not pack history'))
        .finally(() => (running = null))
      return running
    },
    async close() {
      isClosed = true
      await running
    },
  }
}
