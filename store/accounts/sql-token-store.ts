import { newId } from '../id.ts'
import { checkedCursor, toPage } from '../page.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { TokenStore } from './token-store.ts'

export function sqlTokenStore({ db, write, now }: SqlStoreOptions): TokenStore {
  return {
    add: (token) =>
      write(async (trx) => {
        const row = {
          ...token,
          id: newId(),
          createdAtMs: now(),
          lastUsedAtMs: null,
          revokedAtMs: null,
        }
        await trx.insertInto('token').values(row).execute()
        return row
      }),
    async findByHash(hash) {
      const query = db.selectFrom('token').selectAll().where('hash', '=', hash)
      return (await query.executeTakeFirst()) ?? null
    },
    async find(id) {
      const query = db.selectFrom('token').selectAll().where('id', '=', id)
      return (await query.executeTakeFirst()) ?? null
    },
    async list({ space }, { limit, cursor }) {
      let query = db
        .selectFrom('token')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (space !== undefined) query = query.where('space', '=', space)
      if (cursor !== null) query = query.where('id', '<', checkedCursor(cursor))
      return toPage(await query.execute(), limit)
    },
    revoke: (id) =>
      write(async (trx) => {
        await trx
          .updateTable('token')
          .set({ revokedAtMs: now() })
          .where('id', '=', id)
          .where('revokedAtMs', 'is', null)
          .execute()
        const query = trx.selectFrom('token').selectAll().where('id', '=', id)
        return (await query.executeTakeFirst()) ?? null
      }),
    touch: (id) =>
      write(async (trx) => {
        await trx.updateTable('token').set({ lastUsedAtMs: now() }).where('id', '=', id).execute()
      }),
    async hasAny() {
      return (await db.selectFrom('token').select('id').limit(1).executeTakeFirst()) !== undefined
    },
  }
}
