import { expect, test } from 'vitest'
import { planRange } from '../../history/index.ts'
import type { HistoryBlock, HistoryParts } from '../../store/index.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024
const FIRST_MS = Date.UTC(2026, 10, 1)

test('a range that is too large is refused, and says when whole days of it are not', async () => {
  const span = { fromMs: FIRST_MS + 1, toMs: FIRST_MS + 29.5 * DAY_MS }
  await expect(plan(60 * MIB, span)).rejects.toMatchObject({
    code: 'RANGE_TOO_LARGE',
    message: expect.stringContaining(
      'has 61.0 MiB of blocks; history.rangeBytesMax allows 50.0 MiB. In whole days (UTC), from ' +
        '2026-11-02T00:00:00.000Z to 2026-11-30T00:00:00.000Z, it has 1.0 MiB',
    ),
  })
  const wholeDays = { fromMs: FIRST_MS + DAY_MS, toMs: FIRST_MS + 29 * DAY_MS }
  expect((await plan(60 * MIB, wholeDays)).blocks.map(({ blobKey }) => blobKey)).toEqual(['month'])
  const hours = { fromMs: FIRST_MS + 1, toMs: FIRST_MS + DAY_MS }
  await expect(plan(60 * MIB, hours)).rejects.toMatchObject({
    message: expect.stringMatching(/allows 50.0 MiB. Choose a shorter time or fewer targets/),
  })
})

/** A month of a target whose first day takes so many bytes, and all days as sums 1 MiB. */
function plan(firstBytes: number, span: { readonly fromMs: number; readonly toMs: number }) {
  const days = Array.from({ length: 30 }, (_, day) => ({
    dayMs: FIRST_MS + day * DAY_MS,
    isRolledUp: true,
    isChanging: false,
  }))
  const parts: HistoryParts = {
    blocks: days.map(({ dayMs }, day) =>
      blockOf({ id: `day ${day}`, level: 'full', dayMs, sizeBytes: day === 0 ? firstBytes : 0 }),
    ),
    pending: [],
    skippedIds: [],
    beforeIds: [],
    elsewhereCount: 0,
    staleCount: 0,
    rollUps: [blockOf({ id: 'month', level: 'day', dayMs: FIRST_MS, sizeBytes: MIB })],
    days,
  }
  const series = [{ id: 's', space: 'default', target: 't', type: 'cpu', labels: {} }] as const
  const rows = {
    series: () => Promise.resolve(series.map((one) => ({ ...one, process: 'p', groupId: 'g' }))),
    find: () => Promise.resolve(parts),
  }
  const options = { rangeBytesMax: 50 * MIB }
  return planRange(rows, options, { space: 'default', selector: [], type: 'cpu', ...span })
}

function blockOf(block: Pick<HistoryBlock, 'id' | 'level' | 'dayMs' | 'sizeBytes'>): HistoryBlock {
  const { dayMs } = block
  return {
    ...block,
    blobKey: block.id,
    fromMs: dayMs,
    lastMs: dayMs + 1,
    shape: '',
    profileCount: 1,
  }
}
