import { describe, expect, test } from 'vitest'
import { nextSlotMs } from '../../collect/schedule/next-slot.ts'
import type { Store } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestSweep } from '../worker/open-test-sweep.ts'
import type { Clock } from './store.ts'
import { MINUTE_MS, RULES, schedule, withSchedule } from './target-fixtures.ts'

const HOUR_MS = 60 * MINUTE_MS
const LEASE_MS = 15_000
const REQUEST = { owner: 'test', leaseMs: LEASE_MS, versions: { decoder: '1', ruleSet: 'a' } }

/** What every store promises when the clock steps by an hour. `open` gives an empty one on this clock. */
export function describeClock(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: Date.now() + MINUTE_MS }
    const store = await open(clock)
    const monotonic = { ms: 0 }
    const { sweep, logged } = openTestSweep(store, 0, {
      now: () => clock.nowMs,
      monotonicMs: () => monotonic.ms,
    })
    /** Time goes by, on both clocks. */
    const pass = (ms: number) => {
      clock.nowMs += ms
      monotonic.ms += ms
    }
    return { clock, store, sweep, logged, pass }
  }

  describe(`a clock that steps, in ${name}`, () => {
    test('back: a profile that waits is claimed at once, not after an hour', async () => {
      const { clock, store, sweep, logged } = await openAt()
      await addProfile(store, 'waiting')
      clock.nowMs = Date.now() - HOUR_MS
      expect(await claimNext(store)).toBeNull()
      await sweep.run()
      expect(await claimNext(store)).not.toBeNull()
      expect(logged).toContain('the clock stepped back: times in the future were set')
    })

    test('back: the lease of a worker that is gone runs out soon, and that of a living one is kept', async () => {
      const { clock, store, sweep, pass } = await openAt()
      await addProfile(store, 'dead')
      await addProfile(store, 'alive')
      await claimNext(store)
      const alive = await claimNext(store)
      await sweep.run()
      clock.nowMs -= HOUR_MS
      await sweep.run()
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 0 })
      if (alive === null) throw new Error('nothing was claimed')
      for (let round = 0; round < 4; round++) {
        pass(LEASE_MS / 3)
        expect(await store.analyses.renew(alive, LEASE_MS)).toBe(true)
        await sweep.run()
      }
      pass(2000)
      await sweep.run()
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
      expect(await store.analyses.renew(alive, LEASE_MS)).toBe(true)
    })

    test('back: a retry keeps its wait when that can be right', async () => {
      const { clock, store, sweep } = await openAt()
      await addProfile(store, 'retried')
      const claim = await claimNext(store)
      if (claim === null) throw new Error('nothing was claimed')
      await store.analyses.retryLater(claim, 4 * MINUTE_MS)
      await sweep.run()
      expect(await claimNext(store)).toBeNull()
      clock.nowMs -= HOUR_MS
      await sweep.run()
      expect(await claimNext(store)).not.toBeNull()
    })

    test('forward: the leases of living workers do not run out all at once', async () => {
      const { clock, store, sweep, logged, pass } = await openAt()
      await addProfile(store, 'held')
      const claim = await claimNext(store)
      if (claim === null) throw new Error('nothing was claimed')
      await sweep.run()
      clock.nowMs += HOUR_MS
      await sweep.run()
      expect(logged).toContain('the clock stepped')
      expect(await claimNext(store)).toBeNull()
      expect(await store.analyses.renew(claim, LEASE_MS)).toBe(true)
      pass(2 * LEASE_MS + 3000)
      await sweep.run()
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
    })

    test('back and forward: a slot comes within two intervals, and after a step back never twice within one', async () => {
      const { clock, store, pass } = await openAt()
      const rules = { ...RULES, nextSlotMs }
      const intervalMs = 10 * MINUTE_MS
      await withSchedule(store, schedule({ intervalMs }))
      const takenAtMs: number[] = []
      let realMs = 0
      const live = async (ms: number) => {
        for (let passedMs = 0; passedMs < ms; passedMs += MINUTE_MS) {
          pass(MINUTE_MS)
          realMs += MINUTE_MS
          await store.schedules.alignSlots(rules)
          const { captureIds } = await store.schedules.claimDue(rules)
          for (const id of captureIds) {
            takenAtMs.push(realMs)
            await store.captures.remove(id)
          }
        }
      }
      await live(HOUR_MS)
      // The first slot is of the rules of the fixture, not of the schedule.
      takenAtMs.shift()
      const waits: number[] = []
      /** How long after a step of the clock the next slot comes. */
      const stepAndLive = async (stepMs: number, ms: number) => {
        clock.nowMs += stepMs
        const [steppedAtMs, count] = [realMs, takenAtMs.length]
        await live(ms)
        waits.push((takenAtMs[count] ?? Infinity) - steppedAtMs)
      }
      await stepAndLive(-HOUR_MS, 2 * HOUR_MS)
      const gapsOf = () => takenAtMs.slice(1).map((atMs, index) => atMs - (takenAtMs[index] ?? 0))
      expect(Math.min(...gapsOf())).toBeGreaterThanOrEqual(intervalMs)
      await stepAndLive(HOUR_MS, HOUR_MS)
      // A pass each minute finds a slot up to a minute late.
      expect(Math.max(...waits)).toBeLessThanOrEqual(2 * intervalMs + MINUTE_MS)
      expect(takenAtMs.length).toBeGreaterThanOrEqual(20)
    })

    test('back: a target is discovered at once', async () => {
      const { clock, store, sweep } = await openAt()
      await withSchedule(store, schedule())
      const claim = () => store.targets.claimDiscoveries({ everyMs: MINUTE_MS, limit: 9 })
      await claim()
      clock.nowMs -= HOUR_MS
      expect(await claim()).toEqual([])
      await sweep.run()
      expect(await claim()).not.toEqual([])
    })
  })
}

function claimNext(store: Store) {
  return store.analyses.claimNext('normal', REQUEST)
}
