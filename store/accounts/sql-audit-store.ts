import { newId } from '../id.ts'
import { checkedCursor, toPage } from '../page.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { AuditStore } from './audit-store.ts'

export function sqlAuditStore({ db, write, now }: SqlStoreOptions): AuditStore {
  return {
    add: (entry) =>
      write(async (trx) => {
        const row = { ...entry, id: newId(), atMs: now() }
        await trx.insertInto('audit').values(row).execute()
      }),
    async list(filter, { limit, cursor }) {
      let query = db
        .selectFrom('audit')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit + 1)
      for (const column of ['action', 'outcome', 'actor', 'object', 'space'] as const) {
        const value = filter[column]
        if (value !== undefined) query = query.where(column, '=', value)
      }
      if (filter.fromMs !== undefined) query = query.where('atMs', '>=', filter.fromMs)
      if (filter.toMs !== undefined) query = query.where('atMs', '<', filter.toMs)
      if (cursor !== null) query = query.where('id', '<', checkedCursor(cursor))
      return toPage(await query.execute(), limit)
    },
    removeBefore: (beforeMs, limit) =>
      write(async (trx) => {
        const old = trx
          .selectFrom('audit')
          .select('id')
          .where('atMs', '<', beforeMs)
          .orderBy('atMs')
          .limit(limit)
        const { numDeletedRows } = await trx
          .deleteFrom('audit')
          .where('id', 'in', old)
          .executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}
