import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addReady, type OpenHistory } from '../contract/history.ts'
import { foundSum } from '../profile/history/expected-sum.ts'
import { heapDay } from '../profile/history/random-day.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { openTestHistory } from './open-test-history.ts'

const DAY_MS = 24 * 3_600_000
const RANGE = { selector: '', type: 'heap', sampleType: 'alloc_space' } as const

test.each(['full', 'hour', 'day'] as const)(
  'a damaged block of level %s is made again out of what is left',
  async (level) => {
    const { history, expected, damage, compact } = await openPacked()
    expect(await damage(level)).toBe('recomputed')
    await compact()
    expect(foundSum(await history.sum(RANGE))).toEqual(expected)
    const sizes = await history.store.history.sizes()
    expect(sizes.map(({ form }) => form)).toEqual(['files', 'day', 'full', 'hour'])
  },
)

test.each([
  { level: 'full', finer: [], missing: 'the files of its profiles' },
  { level: 'hour', finer: ['full'], missing: 'the profiles of its day' },
  { level: 'day', finer: ['full', 'hour'], missing: 'the hours of its days' },
] as const)(
  'a damaged block of level $level is lost without $missing',
  async ({ level, finer }) => {
    const { history, damage, clock, compact } = await openPacked()
    await compact()
    await history.store.garbage.retire({ beforeMs: clock.nowMs, bytesMax: null }, 100)
    await history.store.garbage.deleteRows(100)
    const tooLarge = { beforeMs: null, bytesMax: 1 }
    for (const one of finer) await history.store.history.expire(one, tooLarge, 10)
    expect(await damage(level)).toBe('lost')
  },
)

/** A day of heap profiles that is packed whole. */
async function openPacked() {
  const clock = { nowMs: Date.UTC(2026, 11, 24) }
  const directory = await memoryDirectory()
  const store = await openTestStore({ directory, now: () => clock.nowMs })
  const history = openTestHistory({ store, now: () => clock.nowMs })
  for (const one of heapDay(5)) await addReady(store, one)
  const compact = async () => {
    while (await history.history.compact());
  }
  clock.nowMs += 40 * DAY_MS
  await compact()
  const expected = foundSum(await history.sum(RANGE))
  const damage = async (level: 'full' | 'hour' | 'day') => {
    const key = await keyOf(history, level)
    await writeFile(join(directory, 'blobs', key.slice(0, 2), key), 'damaged')
    return await store.integrity.report(key, 'corrupt')
  }
  return { history, expected, damage, clock, compact }
}

async function keyOf({ store }: OpenHistory, level: string): Promise<string> {
  const groupId = (await store.history.series('default'))[0]?.groupId ?? ''
  const span = { groupId, fromMs: 0, toMs: 2 ** 52, beforeMs: null }
  const { blocks, rollUps } = await store.history.find(span)
  const found = [...blocks, ...rollUps].find((block) => block.level === level)
  if (found === undefined) throw new Error(`there is no block of level ${level}`)
  return found.blobKey
}
