import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { SpacesStore } from './space-store.ts'

export function sqlSpacesStore({ db, write, now }: SqlStoreOptions): SpacesStore {
  return {
    add: (space) =>
      write(async (trx) => {
        const added = await trx
          .insertInto('space')
          .values({ ...space, createdAtMs: now() })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .executeTakeFirst()
        return (added.numInsertedOrUpdatedRows ?? 0n) > 0n
      }),
    async find(name) {
      const query = db.selectFrom('space').selectAll().where('name', '=', name)
      return (await query.executeTakeFirst()) ?? null
    },
    list: () => db.selectFrom('space').selectAll().orderBy('name').execute(),
  }
}
