import {
  type HistoryOptions,
  openBlockHistory,
  openBlockReader,
  packBlocks,
  rollUpDays,
} from '../../history/index.ts'
import type { BlobStore, HistoryRows, Store } from '../../store/index.ts'
import { type OpenHistory, requestOf } from '../contract/history.ts'

export const TEST_OPTIONS: HistoryOptions = {
  kind: 'blocks',
  clickhouseUrl: '',
  clickhouseProfilesMax: 200_000,
  clickhouseStatementMsMax: 30_000,
  clickhouseCluster: '',
  clickhouseStoragePolicy: '',
  clickhouseColdDays: 0,
  clickhouseFineDays: 0,
  rangeBytesMax: 2 ** 30,
  pendingMin: 3,
  pendingMsMax: 10 * 60_000,
  retentionDays: 30,
  retentionBytesMax: 0,
  hourRetentionDays: 60,
  hourRetentionBytesMax: 0,
  dayRetentionDays: 0,
  dayRetentionBytesMax: 0,
  dayGraceMs: 0,
}

export interface TestHistoryOptions {
  readonly store: Store
  readonly now: () => number
  readonly blobs?: BlobStore
  readonly rows?: HistoryRows
  /** Larger ranges are read group by group; -1 for all. */
  readonly keptBytesMax?: number
}

/** History over a store, packed in this process. */
export function openTestHistory({
  store,
  now,
  blobs = store.blobs,
  rows = store.history,
  keptBytesMax,
}: TestHistoryOptions): OpenHistory {
  const history = openBlockHistory({
    rows,
    blobs,
    options: TEST_OPTIONS,
    pack: (input) => packBlocks(blobs, input),
    rollUp: (input) => rollUpDays(blobs, input),
    now,
  })
  return {
    store,
    history,
    async sum(range) {
      const plan = await history.plan(requestOf(range))
      return openBlockReader(store.blobs, { keptBytesMax }).sum(plan, {
        sampleIndex: range.sampleType ?? '',
        by: null,
      })
    },
  }
}
