import { expect, test } from 'vitest'
import type { Store } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'

/** `open` opens an empty store. */
export function testTimeLists(open: () => Promise<Store>): void {
  test('the list of a time range is in the order of its times, page by page', async () => {
    const store = await open()
    const ids: string[] = []
    for (const takenAtMs of [3000, 1000, 2000, 2000, 9000]) {
      ids.push((await addProfile(store, String(ids.length), { takenAtMs })).profile.id)
    }
    const found: string[] = []
    for (let cursor: string | null = null, isLast = false; !isLast;) {
      const filter = { fromMs: 1000, toMs: 9000 }
      const page = await store.profiles.list(filter, { limit: 1, cursor })
      found.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      isLast = cursor === null
    }
    expect(found).toEqual([ids[0], ids[3], ids[2], ids[1]])
    const list = store.profiles.list({ fromMs: 0 }, { limit: 1, cursor: ids[0] ?? null })
    await expect(list).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
  })
}
