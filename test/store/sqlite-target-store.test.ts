import { describeTargetStore } from '../contract/target-store.ts'
import { openTestStore } from './open-store.ts'

describeTargetStore('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
