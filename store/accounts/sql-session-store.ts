import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { SessionStore } from './session-store.ts'

export function sqlSessionStore({ db, write, now }: SqlStoreOptions): SessionStore {
  return {
    add: (session) =>
      write(async (trx) => {
        await trx.deleteFrom('session').where('endsAtMs', '<=', now()).execute()
        const row = { ...session, createdAtMs: now(), seenAtMs: now() }
        await trx.insertInto('session').values(row).execute()
      }),
    async findByHash(hash) {
      const query = db.selectFrom('session').selectAll().where('hash', '=', hash)
      return (await query.executeTakeFirst()) ?? null
    },
    touch: (hash) =>
      write(async (trx) => {
        await trx.updateTable('session').set({ seenAtMs: now() }).where('hash', '=', hash).execute()
      }),
    setSpace: (hash, space) =>
      write(async (trx) => {
        await trx.updateTable('session').set({ space }).where('hash', '=', hash).execute()
      }),
    remove: (hash) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('session')
          .where('hash', '=', hash)
          .executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}
