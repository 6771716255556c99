import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepLeases } from '../../collect/schedule/keep-leases.ts'

const LEASE_MS = 3000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Renewal = 'held' | 'cancelled' | 'lost' | 'no answer'

/** Leases whose renewals are answered so, one after the other; the last answer stays. */
function keep(answers: readonly Renewal[], isProcessHeld = true) {
  const events: string[] = []
  let renewCount = 0
  const renewCapture = async () => {
    const answer = answers[Math.min(renewCount, answers.length - 1)] ?? 'held'
    renewCount += 1
    if (answer === 'no answer') throw new Error('the database is away')
    return answer
  }
  const store = {
    processes: { renew: async () => isProcessHeld },
    captures: { renew: renewCapture },
  }
  const stop = keepLeases({ store, leaseMs: LEASE_MS }, HELD, {
    onCancel: () => events.push('cancel'),
    onLost: () => events.push('lost'),
  })
  return { events, stop, renewCount: () => renewCount }
}

const HELD = {
  claim: { id: 'capture', leaseToken: 'a' },
  lease: { key: 'p', captureId: 'capture', token: 'a', fence: 1 },
} as const

test('a lease is renewed three times before it would run out, again and again', async () => {
  const { events, renewCount } = keep(['held'])
  await vi.advanceTimersByTimeAsync(LEASE_MS)
  expect(renewCount()).toBe(3)
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS)
  expect(renewCount()).toBe(33)
  expect(events).toEqual([])
})

test('a request to cancel the capture is noticed, and the lease is kept meanwhile', async () => {
  const { events, renewCount } = keep(['held', 'cancelled', 'held'])
  await vi.advanceTimersByTimeAsync(LEASE_MS)
  expect(events).toEqual(['cancel'])
  expect(renewCount()).toBe(3)
})

test('a lease that another has is lost, once, and renewed no more', async () => {
  const { events, renewCount } = keep(['held', 'lost', 'held'])
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS)
  expect(events).toEqual(['lost'])
  expect(renewCount()).toBe(2)
})

test('the lease of the process counts as much', async () => {
  const { events } = keep(['held'], false)
  await vi.advanceTimersByTimeAsync(LEASE_MS)
  expect(events).toEqual(['lost'])
})

test('a database that misses a renewal is asked again', async () => {
  const { events, renewCount } = keep(['no answer', 'no answer', 'held'])
  await vi.advanceTimersByTimeAsync(2 * LEASE_MS)
  expect(events).toEqual([])
  expect(renewCount()).toBeGreaterThan(3)
})

test('a lease that cannot be renewed is lost when it has run out, and not before', async () => {
  const { events } = keep(['no answer'])
  await vi.advanceTimersByTimeAsync(LEASE_MS - 1)
  expect(events).toEqual([])
  await vi.advanceTimersByTimeAsync(LEASE_MS)
  expect(events).toEqual(['lost'])
})

test('after the end nothing is renewed and no event is sent', async () => {
  const { events, stop, renewCount } = keep(['lost'])
  stop()
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS)
  expect({ events, renewCount: renewCount() }).toEqual({ events: [], renewCount: 0 })
})
