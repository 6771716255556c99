import { describeScheduleStore } from '../contract/schedule-store.ts'
import { describeTargetStore } from '../contract/target-store.ts'
import { openTestStore } from './open-store.ts'

describeTargetStore('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
describeScheduleStore('SQLite', (clock) => openTestStore({ now: () => clock.nowMs }))
