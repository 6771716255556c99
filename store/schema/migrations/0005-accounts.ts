import type { Kysely } from 'kysely'

/** Tokens, sessions of browsers, the audit log, and what a link is called and shows. */
export async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await createTokensAndSessions(db)
  await createAudit(db)
  for (const column of ['name', 'createdBy', 'exposureJson'] as const) {
    await db.schema.alterTable('link').addColumn(column, 'text').execute()
  }
}

async function createTokensAndSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('token')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('createdBy', 'text')
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('expiresAtMs', 'bigint')
    .addColumn('lastUsedAtMs', 'bigint')
    .addColumn('revokedAtMs', 'bigint')
    .execute()
  await db.schema
    .createTable('session')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('tokenHash', 'text')
    .addColumn('userJson', 'text')
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('seenAtMs', 'bigint', (column) => column.notNull())
    .addColumn('endsAtMs', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('sessionEnds').on('session').column('endsAtMs').execute()
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('actorKind', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('object', 'text')
    .addColumn('address', 'text')
    .addColumn('requestId', 'text')
    .addColumn('detailsJson', 'text')
    .execute()
  const indexes = [
    ['auditAt', ['atMs']],
    ['auditAction', ['action', 'id']],
    ['auditActor', ['actor', 'id']],
    ['auditObject', ['object', 'id']],
    ['auditSpace', ['space', 'id']],
  ] as const
  for (const [name, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on('audit')
      .columns([...columns])
      .execute()
  }
}
