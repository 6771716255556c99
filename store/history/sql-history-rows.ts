import type { HistoryRows } from './history-rows.ts'
import { addMissing, rebuild } from './enter-missing.ts'
import { claimPacking, commitPacking, releasePacking } from './sql-packing.ts'
import { expireBlocks } from './expire-blocks.ts'
import { findParts } from './find-parts.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlHistoryRows({ db, write, now }: SqlStoreOptions): HistoryRows {
  return {
    addMissing: (limit) => write((trx) => addMissing(trx, limit, now())),
    async series(space) {
      const rows = await db
        .selectFrom('historySeries')
        .innerJoin('historyGroup', 'historyGroup.id', 'historySeries.groupId')
        .select([
          'historySeries.id',
          'historySeries.groupId',
          'historySeries.process',
          'historySeries.labelsJson',
          'historyGroup.space',
          'historyGroup.target',
          'historyGroup.type',
        ])
        .where('historyGroup.space', '=', space)
        .orderBy('historySeries.id')
        .execute()
      return rows.map(({ labelsJson, ...series }) => ({
        ...series,
        labels: JSON.parse(labelsJson),
      }))
    },
    find: (span) => findParts(db, span),
    claimPacking: (rules) => write((trx) => claimPacking(trx, rules, now())),
    commitPacking: (claim, packed) => write((trx) => commitPacking(trx, { claim, packed }, now())),
    async releasePacking(claim) {
      await write((trx) => releasePacking(trx, claim))
    },
    expire: (beforeMs, limit) => write((trx) => expireBlocks(trx, beforeMs, limit)),
    rebuild: () => write((trx) => rebuild(trx, now())),
  }
}
