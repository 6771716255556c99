import type { HistoryRows } from './history-rows.ts'
import { addMissing, rebuild } from './enter-missing.ts'
import { releasePacking } from './block-rows.ts'
import { claimPacking, commitPacking } from './sql-packing.ts'
import { claimRollUp, commitRollUp } from './sql-roll-ups.ts'
import { storedSizes } from './stored-sizes.ts'
import { expireTier } from './expire-tiers.ts'
import { findParts } from './find-parts.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlHistoryRows({ db, write, now }: SqlStoreOptions): HistoryRows {
  return {
    addMissing: (look) => addMissing({ db, write, now }, look),
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
    claimRollUp: ({ leaseMs }, daysMax) =>
      write((trx) => claimRollUp(trx, { leaseMs, daysMax }, now())),
    commitRollUp: (claim, rolledUp) =>
      write((trx) => commitRollUp(trx, { claim, rolledUp }, now())),
    expire: (level, rules, limit) => write((trx) => expireTier(trx, { level, rules, limit })),
    sizes: () => storedSizes(db, now()),
    rebuild: () => write((trx) => rebuild(trx, now())),
  }
}
