import { describe, expect, test } from 'vitest'
import type { Store } from '../../store/index.ts'
import type { Clock } from './store.ts'
import {
  MINUTE_MS,
  NO_COST,
  RULES,
  TRIGGER,
  target,
  found,
  schedule,
  contents,
  withSchedule,
  leased,
} from './target-fixtures.ts'

/** What every store promises of schedules, their slots and alerts. `open` gives an empty one on this clock. */
export function describeScheduleStore(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: 1_800_000_000_000 }
    return { clock, store: await open(clock) }
  }

  describe(`schedules in ${name}`, () => {
    test('schedules are listed by name, page after page', async () => {
      const { store } = await openAt()
      await withSchedules(store)
      const first = await store.schedules.list({}, { limit: 2, cursor: null })
      expect(first).toMatchObject({ items: [{ name: 'r' }, { name: 's' }], nextCursor: 's' })
      const last = await store.schedules.list({}, { limit: 2, cursor: first.nextCursor })
      expect(last).toMatchObject({ items: [{ name: 't' }], nextCursor: null })
      const foreign = store.schedules.list({}, { limit: 2, cursor: 'No Name' })
      await expect(foreign).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    })

    test.each([
      [{ target: 'a' }, ['s', 't']],
      [{ target: 'nobody' }, []],
      [{ component: 'go' }, ['r', 's', 't']],
      [{ component: 'etcd' }, ['s', 't']],
      [{ component: 'kubelet' }, []],
      [{ status: 'paused' }, ['t']],
      [{ status: 'active', target: 'a' }, ['s']],
    ] as const)('schedules are filtered by %o', async (filter, expected) => {
      const { store } = await openAt()
      await withSchedules(store)
      const { items } = await store.schedules.list(filter, { limit: 9, cursor: null })
      expect(items.map(({ name: found }) => found)).toEqual(expected)
    })

    test('a slot is taken by one collector, and makes one waiting capture', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, schedule())
      clock.nowMs += 10 * MINUTE_MS
      const claims = await Promise.all([1, 2, 3, 4].map(() => store.schedules.claimDue(RULES)))
      expect(claims.flatMap(({ captureIds }) => captureIds)).toHaveLength(1)
      expect(await store.captures.listWaiting(9)).toMatchObject([
        { origin: 'schedule', schedule: 's', target: 'a', processKey: 'p', component: 'go' },
      ])
      expect(await store.schedules.find('s')).toMatchObject({
        lastRunAtMs: clock.nowMs,
        nextRunAtMs: clock.nowMs + 10 * MINUTE_MS,
      })
    })

    test('a slot is passed over while the capture before is not over', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, schedule())
      clock.nowMs += 10 * MINUTE_MS
      await store.schedules.claimDue(RULES)
      clock.nowMs += 10 * MINUTE_MS
      const { captureIds, skipped } = await store.schedules.claimDue(RULES)
      expect(captureIds).toEqual([])
      expect(skipped).toMatchObject([{ processKey: 'p', reason: 'overlap' }])
      expect(await store.schedules.find('s')).toMatchObject({ skipped: { overlap: 1, missed: 0 } })
    })

    test.each([
      ['skip', 0, ['missed']],
      ['run-once', 1, []],
    ] as const)('slots of a time without collectors: %s', async (missed, count, reasons) => {
      const { store, clock } = await openAt()
      await withSchedule(store, { ...schedule(), missed })
      clock.nowMs += 95 * MINUTE_MS
      const { captureIds, skipped } = await store.schedules.claimDue(RULES)
      expect(captureIds).toHaveLength(count)
      expect(skipped.map(({ reason }) => reason)).toEqual(reasons)
      const next = await store.schedules.claimDue(RULES)
      expect(next).toMatchObject({ captureIds: [], skipped: [] })
    })

    test('a failing process is tried every few minutes alone', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, schedule({ intervalMs: MINUTE_MS }))
      const trouble = { code: 'TARGET_TIMEOUT', message: 'Slow.', atMs: 1 }
      for (let count = 0; count < 5; count++) {
        await store.processes.release(await leased(store, 'p'), { status: 'failed', trouble })
      }
      const taken: string[] = []
      for (let minute = 0; minute < 10; minute++) {
        clock.nowMs += MINUTE_MS
        const { captureIds } = await store.schedules.claimDue(RULES)
        for (const id of captureIds) await store.captures.cancel(id)
        taken.push(...captureIds)
        if (captureIds.length === 0) continue
        await store.processes.release(await leased(store, 'p'), { status: 'failed', trouble })
      }
      expect(taken).toHaveLength(2)
      expect(await store.schedules.find('s')).toMatchObject({ failingCount: 1, trouble })
    })

    test('a process is not profiled for more of its time than it may be', async () => {
      const { store, clock } = await openAt()
      const request = { profiles: ['cpu' as const], seconds: 30 }
      await withSchedule(store, { ...schedule({ intervalMs: MINUTE_MS }), request })
      const cost = { share: 0.1, windowMs: 10 * MINUTE_MS }
      const reasons: string[] = []
      for (let minute = 0; minute < 10; minute++) {
        clock.nowMs += MINUTE_MS
        const { captureIds, skipped } = await store.schedules.claimDue({ ...RULES, cost })
        reasons.push(...skipped.map(({ reason }) => reason))
        for (const id of captureIds) await store.captures.cancel(id)
      }
      expect(reasons).toEqual(Array.from({ length: 8 }, () => 'cost'))
    })

    test('a paused schedule takes nothing, and does not catch up when it goes on', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, { ...schedule(), missed: 'run-once' })
      expect(await store.schedules.setPaused('s', true)).toBe(true)
      clock.nowMs += 60 * MINUTE_MS
      expect(await store.schedules.claimDue(RULES)).toMatchObject({ captureIds: [], skipped: [] })
      await store.schedules.setPaused('s', false)
      await store.schedules.alignSlots(RULES)
      expect(await store.schedules.claimDue(RULES)).toMatchObject({ captureIds: [], skipped: [] })
      clock.nowMs += 10 * MINUTE_MS
      expect((await store.schedules.claimDue(RULES)).captureIds).toHaveLength(1)
      expect(await store.schedules.setPaused('nobody', true)).toBe(false)
    })

    test('a paused target is taken by no schedule', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, schedule())
      await store.targets.setPaused('a', true)
      await store.schedules.alignSlots(RULES)
      clock.nowMs += 10 * MINUTE_MS
      expect(await store.schedules.claimDue(RULES)).toMatchObject({ captureIds: [], skipped: [] })
    })

    test('a process that is gone has no slots, and two targets that find it one', async () => {
      const { store } = await openAt()
      await store.targets.applyFile('t.yaml', {
        ...contents([target('a', ['s']), target('b', ['s'])]),
        schedules: [schedule()],
      })
      await store.targets.discovered('a', [found('p')], null)
      await store.targets.discovered('b', [found('p'), found('q')], null)
      await store.schedules.alignSlots(RULES)
      expect(await store.schedules.find('s')).toMatchObject({ processCount: 2 })
      await store.targets.discovered('b', [found('p')], null)
      await store.schedules.alignSlots(RULES)
      expect(await store.schedules.find('s')).toMatchObject({
        processCount: 1,
        targets: ['a', 'b'],
      })
    })

    test('a schedule whose timing changed counts anew; one that did not goes on', async () => {
      const { store, clock } = await openAt()
      await withSchedule(store, schedule())
      const before = (await store.schedules.find('s'))?.nextRunAtMs
      clock.nowMs += MINUTE_MS
      await withSchedule(store, { ...schedule(), missed: 'run-once' })
      expect(await store.schedules.find('s')).toMatchObject({ nextRunAtMs: before })
      await withSchedule(store, schedule({ intervalMs: 30 * MINUTE_MS }))
      expect(await store.schedules.find('s')).toMatchObject({
        nextRunAtMs: clock.nowMs + 30 * MINUTE_MS,
      })
    })

    test('an alert makes one capture, however often it is sent, and its trigger cools down', async () => {
      const { store, clock } = await openAt()
      await store.targets.create(target('a'))
      await store.targets.discovered('a', [found('p'), found('q')], null)
      const request = {
        trigger: TRIGGER,
        alertKey: 'f1',
        alertName: 'Slow',
        target: 'a',
        processKey: 'p',
      }
      const fire = (changed: Partial<typeof request>) =>
        store.schedules.fireAlert({ ...request, ...changed }, NO_COST)
      expect(await fire({})).toEqual({ captureId: expect.any(String) })
      expect(await fire({})).toEqual({ skipped: 'repeated' })
      expect(await fire({ alertKey: 'f2' })).toEqual({ skipped: 'cooldown' })
      expect(await fire({ processKey: 'q' })).toEqual({ captureId: expect.any(String) })
      clock.nowMs += 15 * MINUTE_MS
      expect(await fire({})).toEqual({ skipped: 'repeated' })
      expect(await fire({ alertKey: 'f2' })).toEqual({ captureId: expect.any(String) })
      clock.nowMs -= 60 * MINUTE_MS
      expect(await fire({ alertKey: 'f3' })).toEqual({ captureId: expect.any(String) })
      expect(await fire({ alertKey: 'f4' })).toEqual({ skipped: 'cooldown' })
      expect(await store.captures.listWaiting(9)).toMatchObject([
        { origin: 'alert', note: 'slow: alert Slow', processKey: 'p' },
        { processKey: 'q' },
        { processKey: 'p' },
        { processKey: 'p' },
      ])
    })
  })
}

/** Of the targets `a`, with an etcd, and `b`; `t` is paused. */
async function withSchedules(store: Store): Promise<void> {
  const targets = [target('a', ['s', 't']), target('b', ['r'])]
  const schedules = ['t', 'r', 's'].map((each) => ({ ...schedule(), name: each }))
  await store.targets.applyFile('t.yaml', { ...contents(targets), schedules })
  await store.targets.discovered('a', [{ ...found('p'), component: 'etcd' }], null)
  await store.schedules.setPaused('t', true)
}
