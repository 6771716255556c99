import { expect, test } from 'vitest'
import { mergeNotifications } from '../../queue/merge-notifications.ts'
import { until } from '../until.ts'

const ids = Array.from({ length: 100 }, (_, row) => `a${row}`)

test('of notifications that come at once the first few and the last are carried', async () => {
  const carried: string[] = []
  const { notify } = mergeNotifications(async (id) => void carried.push(id))
  await Promise.all(ids.map(notify))
  expect(carried.slice(0, 3)).toEqual(['a0', 'a1', 'a2'])
  expect(carried.at(-1)).toBe('a99')
  expect(carried.length).toBeLessThan(ids.length)
})

test('a notification that comes later is carried at once', async () => {
  const carried: string[] = []
  const { notify } = mergeNotifications(async (id) => void carried.push(id))
  await Promise.all(ids.map(notify))
  await until(() => {
    void notify('later')
    return carried.filter((id) => id === 'later').length > 1
  })
  expect(carried.at(-1)).toBe('later')
})

test('those that were merged fail as the one does that was carried', async () => {
  const refused = new Error('away')
  const { notify } = mergeNotifications(() => Promise.reject(refused))
  const ends = await Promise.allSettled(ids.map(notify))
  expect(ends).toEqual(ids.map(() => ({ status: 'rejected', reason: refused })))
})

test('what waits is carried when it is flushed', async () => {
  const carried: string[] = []
  const { notify, flush } = mergeNotifications(async (id) => void carried.push(id))
  const ends = Promise.all(ids.map(notify))
  flush()
  expect(carried.at(-1)).toBe('a99')
  await ends
})
