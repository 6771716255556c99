import { describeHistory } from '../contract/history.ts'
import { openTestStore } from '../store/open-store.ts'
import { openTestHistory } from './open-test-history.ts'

describeHistory('blocks', async (clock) => {
  const now = () => clock.nowMs
  return openTestHistory({ store: await openTestStore({ now }), now })
})
