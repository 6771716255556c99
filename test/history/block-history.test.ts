import { describeHistory, type OpenHistory } from '../contract/history.ts'
import { describeRebuild } from '../contract/rebuilt-history.ts'
import type { Clock } from '../contract/store.ts'
import { openTestStore } from '../store/open-store.ts'
import { openTestHistory } from './open-test-history.ts'

describeHistory('blocks', open)
describeRebuild('blocks', open)

async function open(clock: Clock): Promise<OpenHistory> {
  const now = () => clock.nowMs
  return openTestHistory({ store: await openTestStore({ now }), now })
}
