import type { Kysely } from 'kysely'
import { newId } from '../id.ts'
import type { LinkStore, StoredLink } from './link-store.ts'
import { checkedCursor, toPage } from '../page.ts'
import type { Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlLinkStore({ db, write, now }: SqlStoreOptions): LinkStore {
  return {
    add: (link) =>
      write(async (trx) => {
        const profile = await trx
          .selectFrom('profile')
          .select('id')
          .where('id', '=', link.profileId)
          .where('deletedAtMs', 'is', null)
          .executeTakeFirst()
        if (profile === undefined) return null
        const row = { ...link, id: newId(), createdAtMs: now(), revokedAtMs: null }
        await trx.insertInto('link').values(row).execute()
        return findLink(trx, row.id)
      }),
    async findByTokenHash(tokenHash) {
      return (await links(db).where('tokenHash', '=', tokenHash).executeTakeFirst()) ?? null
    },
    async list(profileId, { limit, cursor }) {
      let query = links(db)
        .where('profileId', '=', profileId)
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (cursor !== null) query = query.where('id', '<', checkedCursor(cursor))
      return toPage(await query.execute(), limit)
    },
    revoke: (id) =>
      write(async (trx) => {
        await trx
          .updateTable('link')
          .set({ revokedAtMs: now() })
          .where('id', '=', id)
          .where('revokedAtMs', 'is', null)
          .execute()
        return findLink(trx, id)
      }),
  }
}

async function findLink(db: Kysely<Schema>, id: string): Promise<StoredLink | null> {
  return (await links(db).where('id', '=', id).executeTakeFirst()) ?? null
}

/** All columns except the hash of the token. */
function links(db: Kysely<Schema>) {
  return db
    .selectFrom('link')
    .select(['id', 'profileId', 'view', 'createdAtMs', 'expiresAtMs', 'revokedAtMs'])
}
