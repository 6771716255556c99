import type { ExpressionBuilder, Kysely, Selectable } from 'kysely'
import { WHOLE_EXPOSURE } from '../../api/index.ts'
import { fromJson } from '../database/from-json.ts'
import { newId } from '../id.ts'
import type { LinkStore, StoredLink } from './link-store.ts'
import { checkedCursor, toPage } from '../page.ts'
import type { LinkTable, Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlLinkStore({ db, write, now }: SqlStoreOptions): LinkStore {
  return {
    add: (link) =>
      write(async (trx) => {
        const profile = await trx
          .selectFrom('profile')
          .select('space')
          .where('id', '=', link.profileId)
          .where('deletedAtMs', 'is', null)
          .executeTakeFirst()
        if (profile === undefined) return null
        const { exposure = WHOLE_EXPOSURE, ...columns } = link
        const exposureJson = JSON.stringify(exposure)
        const { space } = profile
        const row = {
          ...columns,
          space,
          exposureJson,
          id: newId(),
          createdAtMs: now(),
          revokedAtMs: null,
          captureId: link.captureId ?? null,
          beforeProfileId: link.beforeProfileId ?? null,
          lastViewedAtMs: null,
        }
        await trx.insertInto('link').values(row).execute()
        return findLink(trx, row.id)
      }),
    async findByTokenHash(tokenHash) {
      return linkOf(await links(db).where('tokenHash', '=', tokenHash).executeTakeFirst())
    },
    find: (id) => findLink(db, id),
    async list({ space, profileId }, { limit, cursor }) {
      let query = links(db)
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (space !== undefined) query = query.where('space', '=', space)
      if (profileId !== undefined) query = query.where('profileId', '=', profileId)
      if (cursor !== null) query = query.where('id', '<', checkedCursor(cursor))
      const page = toPage(await query.execute(), limit)
      return { ...page, items: page.items.map(linkOfRow) }
    },
    countView: (id) =>
      write(async (trx) => {
        await trx
          .updateTable('link')
          .set(({ eb }) => ({ viewCount: eb('viewCount', '+', 1), lastViewedAtMs: now() }))
          .where('id', '=', id)
          .execute()
      }),
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
  return linkOf(await links(db).where('id', '=', id).executeTakeFirst())
}

type LinkRow = Omit<Selectable<LinkTable>, 'tokenHash'>

function linkOf(row: LinkRow | undefined): StoredLink | null {
  return row === undefined ? null : linkOfRow(row)
}

function linkOfRow({ exposureJson, ...row }: LinkRow): StoredLink {
  return { ...row, exposure: fromJson(exposureJson) ?? WHOLE_EXPOSURE }
}

/** Whether a row of profiles is shared by a row of links. */
export function isSharedBy(eb: ExpressionBuilder<Schema, 'link' | 'profile'>) {
  return eb.or([
    eb('profile.id', '=', eb.ref('link.profileId')),
    eb('profile.id', '=', eb.ref('link.beforeProfileId')),
  ])
}

/** All columns except the hash of the token. */
function links(db: Kysely<Schema>) {
  return db
    .selectFrom('link')
    .select(['id', 'profileId', 'view', 'createdAtMs', 'expiresAtMs', 'revokedAtMs'])
    .select(['name', 'createdBy', 'exposureJson', 'space'])
    .select(['captureId', 'beforeProfileId', 'viewCount', 'lastViewedAtMs'])
}
