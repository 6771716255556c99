import { describeHistory, type OpenHistory } from '../contract/history.ts'
import { describeRebuild } from '../contract/rebuilt-history.ts'
import type { Clock } from '../contract/store.ts'
import { openTestStore } from '../store/open-store.ts'
import { openTestHistory } from './open-test-history.ts'

describeHistory('blocks', open)
describeHistory('blocks that are read target by target', (clock) => open(clock, -1))
describeRebuild('blocks', open)

async function open(clock: Clock, keptBytesMax?: number): Promise<OpenHistory> {
  const now = () => clock.nowMs
  const store = await openTestStore({ now })
  return openTestHistory({ store, now, ...(keptBytesMax === undefined ? {} : { keptBytesMax }) })
}
