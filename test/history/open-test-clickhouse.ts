import {
  type ClickhouseDatabase,
  openClickhouseHistory,
  openNumberedReader,
  packNumbered,
} from '../../history/index.ts'
import { type OpenHistory, requestOf } from '../contract/history.ts'
import { TEST_OPTIONS, type TestHistoryOptions } from './open-test-history.ts'

/** History over a store and a database, packed in this process. */
export function openTestClickhouse(
  { store, now }: TestHistoryOptions,
  database: ClickhouseDatabase,
): OpenHistory {
  const history = openClickhouseHistory({
    rows: store.history,
    numbered: store.numberedHistory,
    database,
    options: { ...TEST_OPTIONS, kind: 'clickhouse' },
    pack: (input) => packNumbered(store.blobs, input),
    now,
  })
  // Roll-ups are used for the fewest profiles.
  const reader = openNumberedReader((question) => database.answer(question), store.blobs, {
    fewMax: 0,
  })
  return {
    store,
    history,
    async sum(range) {
      const plan = await history.plan(requestOf(range))
      return reader.sum(plan, { sampleIndex: range.sampleType ?? '', by: null })
    },
  }
}
