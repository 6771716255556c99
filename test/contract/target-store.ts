import { describe, expect, test } from 'vitest'
import type {
  FoundProcess,
  LeaseRequest,
  ScheduleDefinition,
  SlotRules,
  Store,
  TargetDefinition,
  TargetsFileContents,
  TriggerDefinition,
} from '../../store/index.ts'
import type { Clock } from './store.ts'

const MINUTE_MS = 60_000
const NO_COST = { share: 1, windowMs: 60 * MINUTE_MS }

/** What every store promises of targets, schedules and processes. `open` gives an empty one on this clock. */
export function describeTargetStore(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: 1_800_000_000_000 }
    return { clock, store: await open(clock) }
  }

  describe(`targets in ${name}`, () => {
    test('what a file says is in force, and goes when it says it no more', async () => {
      const { store } = await openAt()
      await store.targets.applyFile('t.yaml', contents([target('a'), target('b')]))
      expect(await names(store)).toEqual(['a', 'b'])
      await store.targets.applyFile('t.yaml', contents([target('b')]))
      expect(await names(store)).toEqual(['b'])
      expect(await store.targets.fileState()).toMatchObject({ path: 't.yaml', faults: [] })
    })

    test('a file that cannot be taken over leaves the one before in force', async () => {
      const { store } = await openAt()
      await store.targets.applyFile('t.yaml', contents([target('a')]))
      await store.targets.refuseFile('t.yaml', ['t.yaml:1:1: no'])
      expect(await names(store)).toEqual(['a'])
      expect(await store.targets.fileState()).toMatchObject({
        faults: ['t.yaml:1:1: no'],
        loadedAtMs: expect.any(Number),
      })
    })

    test('a target that did not change keeps its processes and its pause', async () => {
      const { store } = await openAt()
      await store.targets.applyFile('t.yaml', contents([target('a')]))
      await store.targets.discovered('a', [found('p')], null)
      await store.targets.setPaused('a', true)
      await store.targets.applyFile('t.yaml', contents([target('a'), target('b')]))
      expect(await store.targets.find('a')).toMatchObject({ pausedAtMs: expect.any(Number) })
      expect(await store.targets.processes(['a'])).toMatchObject([{ key: 'p', target: 'a' }])
    })

    test('a target of the page can be made, changed and deleted; one of the file cannot', async () => {
      const { store } = await openAt()
      await store.targets.applyFile('t.yaml', contents([target('a')]))
      expect(await store.targets.create(target('a'))).toBe(false)
      expect(await store.targets.replace(target('a'))).toBe(false)
      expect(await store.targets.remove('a')).toBe(false)
      expect(await store.targets.create(target('b'))).toBe(true)
      expect(await store.targets.replace({ ...target('b'), description: 'new' })).toBe(true)
      expect(await store.targets.find('b')).toMatchObject({ origin: 'web', description: 'new' })
      expect(await store.targets.remove('b')).toBe(true)
      expect(await store.targets.find('b')).toBeNull()
    })

    test('targets of the page stay when the file changes', async () => {
      const { store } = await openAt()
      await store.targets.create(target('mine'))
      await store.targets.applyFile('t.yaml', contents([target('a')]))
      await store.targets.applyFile('t.yaml', contents([]))
      expect(await names(store)).toEqual(['mine'])
    })

    test('the list has pages, and is narrowed by cluster and component', async () => {
      const { store } = await openAt()
      await store.targets.applyFile(
        't.yaml',
        contents([target('a'), { ...target('b'), cluster: 'prod' }, target('c')]),
      )
      await store.targets.discovered('c', [{ ...found('p'), component: 'etcd' }], null)
      const first = await store.targets.list({}, { limit: 2, cursor: null })
      expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
      const second = await store.targets.list({}, { limit: 2, cursor: first.nextCursor })
      expect(second.items.map(({ name }) => name)).toEqual(['c'])
      const page = { limit: 9, cursor: null }
      const ofCluster = await store.targets.list({ cluster: 'prod' }, page)
      expect(ofCluster.items.map(({ name }) => name)).toEqual(['b'])
      const ofComponent = await store.targets.list({ component: 'etcd' }, page)
      expect(ofComponent.items.map(({ name }) => name)).toEqual(['c'])
    })

    test('a discovery is done by one collector, and again after a while', async () => {
      const { store, clock } = await openAt()
      await store.targets.create(target('a'))
      const claims = await Promise.all([1, 2, 3].map(() => claimDiscoveries(store)))
      expect(claims.flat()).toEqual(['a'])
      clock.nowMs += MINUTE_MS
      expect(await claimDiscoveries(store)).toEqual(['a'])
      await store.targets.setPaused('a', true)
      clock.nowMs += MINUTE_MS
      expect(await claimDiscoveries(store)).toEqual([])
    })

    test('a process that is not found any more is gone, and back when it is found again', async () => {
      const { store } = await openAt()
      await store.targets.create(target('a'))
      await store.targets.discovered('a', [found('p'), found('q')], 'a note')
      await store.targets.discovered('a', [found('q')], null)
      const gone = { key: 'p', goneAtMs: expect.any(Number) }
      const there = { key: 'q', goneAtMs: null }
      expect(await store.targets.processes(['a'])).toMatchObject([gone, there])
      await store.targets.discovered('a', [found('p')], null)
      expect(await store.targets.findProcess('a', 'p')).toMatchObject({ goneAtMs: null })
    })

    test('a discovery that failed is told, and leaves the processes', async () => {
      const { store } = await openAt()
      await store.targets.create(target('a'))
      await store.targets.discovered('a', [found('p')], null)
      const trouble = { code: 'TARGET_FORBIDDEN', message: 'No.', atMs: 5 }
      await store.targets.discoveryFailed('a', trouble)
      expect(await store.targets.find('a')).toMatchObject({ trouble })
      expect(await store.targets.processes(['a'])).toMatchObject([{ goneAtMs: null }])
    })

    test('a test is asked for, done by one collector, and answered', async () => {
      const { store } = await openAt()
      await store.targets.create(target('a'))
      const askedAtMs = (await store.targets.askTest('a')) ?? 0
      expect(await store.targets.findTest('a', askedAtMs)).toBeNull()
      const tasks = await store.targets.claimTests(5)
      expect(tasks).toMatchObject([{ askedAtMs, target: { name: 'a' } }])
      expect(await store.targets.claimTests(5)).toEqual([])
      await store.targets.saveTest('a', askedAtMs, '{}')
      expect(await store.targets.findTest('a', askedAtMs)).toBe('{}')
      expect(await store.targets.askTest('nobody')).toBeNull()
    })
  })

  describe(`processes in ${name}`, () => {
    test('of many who want to capture a process at once one may', async () => {
      const { store } = await openAt()
      await withProcesses(store, [found('p')])
      const leases = await Promise.all([1, 2, 3, 4].map(() => lease(store, 'p')))
      expect(leases.filter((one) => one !== null)).toHaveLength(1)
    })

    test('a lease that was given back, or ran out, goes to the next; its fence is higher', async () => {
      const { store, clock } = await openAt()
      await withProcesses(store, [found('p')])
      const first = await leased(store, 'p')
      expect(await store.processes.release(first, null)).toBe(true)
      const second = await leased(store, 'p')
      clock.nowMs += 10_001
      const third = await leased(store, 'p')
      expect([first.fence, second.fence, third.fence]).toEqual([1, 2, 3])
      expect(await store.processes.renew(second, 1000)).toBe(false)
      expect(await store.processes.release(second, null)).toBe(false)
      expect(await store.processes.renew(third, 1000)).toBe(true)
    })

    test('of a group so many are captured at once as it allows', async () => {
      const { store } = await openAt()
      const group = { group: 'ha', groupMax: 2 }
      await withProcesses(
        store,
        ['p', 'q', 'r'].map((key) => ({ ...found(key), ...group })),
      )
      const first = await leased(store, 'p')
      await leased(store, 'q')
      expect(await lease(store, 'r')).toBeNull()
      await store.processes.release(first, null)
      expect(await lease(store, 'r')).not.toBeNull()
    })

    test('of a cluster so many are captured at once as the request allows', async () => {
      const { store } = await openAt()
      const processes = ['p', 'q'].map((key) => ({ ...found(key), cluster: 'prod' }))
      await withProcesses(store, processes)
      await leased(store, 'p')
      expect(await lease(store, 'q', { clusterMax: 1 })).toBeNull()
      expect(await lease(store, 'q', { clusterMax: 2 })).not.toBeNull()
    })

    test('five failures in a row make a process failing; a success clears it', async () => {
      const { store, clock } = await openAt()
      await withProcesses(store, [found('p')])
      const trouble = { code: 'TARGET_UNREACHABLE', message: 'Gone.', atMs: 1 }
      for (let count = 1; count <= 5; count++) {
        await store.processes.release(await leased(store, 'p'), { status: 'failed', trouble })
        const nextTryAtMs = count < 5 ? null : clock.nowMs + 5 * MINUTE_MS
        const process = await store.targets.findProcess('a', 'p')
        expect(process).toMatchObject({ failureCount: count, trouble, nextTryAtMs })
      }
      expect(await store.processes.countStates()).toMatchObject({ failing: 1, ok: 0 })
      await store.processes.release(await leased(store, 'p'), {
        status: 'cancelled',
        trouble: null,
      })
      expect(await store.targets.findProcess('a', 'p')).toMatchObject({ failureCount: 5 })
      const good = { status: 'partial', trouble: null } as const
      await store.processes.release(await leased(store, 'p'), good)
      expect(await store.targets.findProcess('a', 'p')).toMatchObject({
        failureCount: 0,
        trouble: null,
        nextTryAtMs: null,
        lastSuccessAtMs: clock.nowMs,
        lastCapture: { status: 'partial' },
      })
    })

    test('a verbosity whose collector is gone is found once its lease is over', async () => {
      const { store, clock } = await openAt()
      await withProcesses(store, [found('p')])
      const held = await leased(store, 'p')
      const raised = { target: 'a', addressJson: '{}', level: 2 }
      await store.processes.verbosityRaised(held, raised)
      expect(await store.processes.strandedVerbosities(5)).toEqual([])
      clock.nowMs += 10_001
      expect(await store.processes.strandedVerbosities(5)).toEqual([
        { key: 'p', ...raised, leaseToken: held.token },
      ])
      await store.processes.verbosityRestored('p', held.token)
      expect(await store.processes.strandedVerbosities(5)).toEqual([])
    })

    test('a process that no target has any more is forgotten', async () => {
      const { store } = await openAt()
      await withProcesses(store, [found('p')])
      await store.targets.remove('a')
      await store.processes.prune(10)
      expect(await lease(store, 'p')).toBeNull()
    })
  })

  describe(`schedules in ${name}`, () => {
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
      expect(await store.captures.listWaiting(9)).toMatchObject([
        { origin: 'alert', note: 'slow: alert Slow', processKey: 'p' },
        { processKey: 'q' },
        { processKey: 'p' },
      ])
    })
  })
}

const RULES: SlotRules = {
  limit: 100,
  nextSlotMs: (timing, _key, afterMs) =>
    timing.kind === 'interval' ? afterMs + timing.intervalMs : null,
  graceMs: () => MINUTE_MS,
  cost: NO_COST,
}

const TRIGGER: TriggerDefinition = {
  name: 'slow',
  labels: {},
  targets: ['a'],
  matchInstance: false,
  cooldownMs: 15 * MINUTE_MS,
  request: { profiles: ['heap'], seconds: null },
}

function target(name: string, schedules: readonly string[] = []): TargetDefinition {
  const said = { kind: 'go', cluster: null, url: null, description: name, specJson: '{}' }
  return { name, ...said, schedules }
}

function found(key: string): FoundProcess {
  const said = { component: 'go', instance: key, cluster: null, via: 'direct', note: null }
  return { key, ...said, addressJson: '{}', group: null, groupMax: 1 }
}

function schedule({ intervalMs = 10 * MINUTE_MS } = {}): ScheduleDefinition {
  return {
    name: 's',
    timing: { kind: 'interval', intervalMs, jitterMs: 0 },
    everyText: '10m',
    overlap: 'skip',
    missed: 'skip',
    profileSet: 'baseline',
    request: { profiles: ['heap'], seconds: null },
  }
}

function contents(targets: readonly TargetDefinition[]): TargetsFileContents {
  return { targets, schedules: [], triggers: [], clusters: [], allow: [] }
}

async function names(store: Store): Promise<readonly string[]> {
  const { items } = await store.targets.list({}, { limit: 99, cursor: null })
  return items.map(({ name }) => name)
}

async function claimDiscoveries(store: Store): Promise<readonly string[]> {
  const claimed = await store.targets.claimDiscoveries({ limit: 9, everyMs: MINUTE_MS })
  return claimed.map(({ name }) => name)
}

async function withProcesses(store: Store, processes: readonly FoundProcess[]): Promise<void> {
  await store.targets.create(target('a'))
  await store.targets.discovered('a', processes, null)
}

async function withSchedule(store: Store, definition: ScheduleDefinition): Promise<void> {
  const file = { ...contents([target('a', ['s'])]), schedules: [definition] }
  await store.targets.applyFile('t.yaml', file)
  await store.targets.discovered('a', [found('p')], null)
  await store.schedules.alignSlots(RULES)
}

function lease(store: Store, key: string, changed: Partial<LeaseRequest> = {}) {
  const captureId = '01JD6Q8G0000000000000000AA'
  const request = { key, captureId, owner: 'test', leaseMs: 10_000, clusterMax: 4 }
  return store.processes.lease({ ...request, ...changed })
}

async function leased(store: Store, key: string) {
  const held = await lease(store, key)
  if (held === null) throw new Error(`${key} cannot be leased`)
  return held
}
