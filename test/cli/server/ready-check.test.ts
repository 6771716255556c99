import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readyCheck, remembered } from '../../../cli/service/observe/ready-check.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a check that does not return is not ready before a probe gives up', async () => {
  const check = readyCheck('store', true, () => Promise.withResolvers<void>().promise)
  await vi.advanceTimersByTimeAsync(3000)
  expect(await check).toEqual({
    name: 'store',
    isReady: false,
    isRequired: true,
    text: 'There is no answer within 3 s.',
  })
})

test('a check that fails later than that ends quietly', async () => {
  const late = Promise.withResolvers<void>()
  const check = readyCheck('store', true, () => late.promise)
  await vi.advanceTimersByTimeAsync(3000)
  late.reject(new Error('too late'))
  expect(await check).toMatchObject({ isReady: false, text: 'There is no answer within 3 s.' })
})

test('a check that is under way is not begun again', async () => {
  const underWay = Promise.withResolvers<void>()
  const work = vi.fn<() => Promise<void>>(() => underWay.promise)
  const check = remembered(work, 1000)
  const first = check()
  await vi.advanceTimersByTimeAsync(5000)
  const second = check()
  expect(work).toHaveBeenCalledTimes(1)
  underWay.resolve()
  await Promise.all([first, second])
  await vi.advanceTimersByTimeAsync(1001)
  void check()
  expect(work).toHaveBeenCalledTimes(2)
})

test('within the time a result is kept, and after it the check is made again', async () => {
  const work = vi.fn<() => Promise<void>>(async () => undefined)
  const check = remembered(work, 1000)
  await check()
  await check()
  expect(work).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1001)
  await check()
  expect(work).toHaveBeenCalledTimes(2)
})
