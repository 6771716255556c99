import { describe, expect, test } from 'vitest'
import type { Store } from '../../store/index.ts'
import type { Clock } from './store.ts'
import {
  addressOf,
  MINUTE_MS,
  target,
  found,
  contents,
  names,
  claimDiscoveries,
  withProcesses,
  lease,
  leased,
} from './target-fixtures.ts'

/** What every store promises of targets and processes. `open` gives an empty one on this clock. */
export function describeTargetStore(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: 1_800_000_000_000 }
    return { clock, store: await open(clock) }
  }

  describe(`targets in ${name}`, () => {
    test('the targets of a file are in force until the file no longer has them', async () => {
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

    test('a failed discovery is reported, and leaves the processes', async () => {
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
      const result = { testedAt: '2026-01-01T00:00:00.000Z', isFine: true, lines: [] }
      await store.targets.saveTest('a', askedAtMs, result)
      expect(await store.targets.findTest('a', askedAtMs)).toEqual(result)
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
      const raised = { target: 'a', address: addressOf('p'), level: 2 }
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
}
