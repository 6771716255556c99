import type { BlobStore, HistoryBlock, HistoryRows } from '../../store/index.ts'
import type { HistoryOptions } from '../options.ts'
import { DAY_MS } from '../tiers.ts'

const EXPIRED_MAX = 100

interface ExpiryNeeds {
  readonly rows: Pick<HistoryRows, 'expire'>
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly options: HistoryOptions
  readonly now: () => number
}

interface Kept {
  readonly level: HistoryBlock['level']
  readonly days: number
  readonly bytesMax: number
}

/** Forgets what the settings of each level do not keep, the finest level first. Returns the number of blocks. */
export async function expireTiers({ rows, blobs, options, now }: ExpiryNeeds): Promise<number> {
  let count = 0
  for (const { level, days, bytesMax } of keptBy(options)) {
    const rules = {
      beforeMs: days === 0 ? null : now() - days * DAY_MS,
      bytesMax: bytesMax === 0 ? null : bytesMax,
    }
    const keys = await rows.expire(level, rules, EXPIRED_MAX)
    for (const key of keys) await blobs.delete(key)
    count += keys.length
  }
  return count
}

function keptBy(options: HistoryOptions): readonly Kept[] {
  return [
    { level: 'full', days: options.retentionDays, bytesMax: options.retentionBytesMax },
    { level: 'hour', days: options.hourRetentionDays, bytesMax: options.hourRetentionBytesMax },
    { level: 'day', days: options.dayRetentionDays, bytesMax: options.dayRetentionBytesMax },
  ]
}
