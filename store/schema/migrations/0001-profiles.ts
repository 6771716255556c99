import { sql, type Kysely } from 'kysely'

/** Blobs, profiles, their analyses and reports, and links. */
export async function createProfiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('blob')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('profile')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('captureId', 'text')
    .addColumn('dedupeKey', 'text', (column) => column.notNull())
    .addColumn('rawBlobId', 'text', (column) =>
      column.notNull().references('blob.id').onDelete('restrict'),
    )
    .addColumn('sourceJson', 'text', (column) => column.notNull())
    .addColumn('target', 'text')
    .addColumn('component', 'text')
    .addColumn('type', 'text')
    .addColumn('takenAtMs', 'bigint')
    .addColumn('receivedAtMs', 'bigint', (column) => column.notNull())
    .addColumn('currentAnalysisId', 'text', (column) => column.notNull())
    .addColumn('deletedAtMs', 'bigint')
    .execute()
  await createAnalyses(db)
  await createLabelsAndLinks(db)
  await createIndexes(db)
}

async function createAnalyses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('analysis')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('profileId', 'text', (column) =>
      column.notNull().references('profile.id').onDelete('restrict'),
    )
    .addColumn('decoderVersion', 'text')
    .addColumn('ruleSetVersion', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('claimCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('crashCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('retryCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('notBeforeMs', 'bigint', (column) => column.notNull())
    .addColumn('leaseOwner', 'text')
    .addColumn('leaseToken', 'text')
    .addColumn('leaseUntilMs', 'bigint')
    .addColumn('claimedAtMs', 'bigint')
    .addColumn('columnsBlobId', 'text', (column) =>
      column.references('blob.id').onDelete('restrict'),
    )
    .addColumn('factsJson', 'text')
    .addColumn('failureJson', 'text')
    .addColumn('worstFindingJson', 'text')
    .addColumn('findingCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('finishedAtMs', 'bigint')
    .addUniqueConstraint('analysisVersions', ['profileId', 'decoderVersion', 'ruleSetVersion'])
    .execute()
  await db.schema
    .createTable('report')
    .addColumn('analysisId', 'text', (column) =>
      column.notNull().references('analysis.id').onDelete('restrict'),
    )
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('reportJson', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('reportKey', ['analysisId', 'language'])
    .execute()
}

async function createLabelsAndLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('profileLabel')
    .addColumn('profileId', 'text', (column) =>
      column.notNull().references('profile.id').onDelete('restrict'),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('profileLabelKey', ['profileId', 'name'])
    .execute()
  await db.schema
    .createTable('link')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('profileId', 'text', (column) =>
      column.references('profile.id').onDelete('restrict'),
    )
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('expiresAtMs', 'bigint', (column) => column.notNull())
    .addColumn('revokedAtMs', 'bigint')
    .execute()
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`create unique index "profileDedupe" on "profile" ("dedupeKey")
    where "deletedAtMs" is null`.execute(db)
  await sql`create index "profileDeleted" on "profile" ("deletedAtMs")
    where "deletedAtMs" is not null`.execute(db)
  const indexes = [
    ['profileTarget', 'profile', ['target', 'id']],
    ['profileComponent', 'profile', ['component', 'id']],
    ['profileRawBlob', 'profile', ['rawBlobId']],
    ['profileLabelValue', 'profileLabel', ['name', 'value', 'profileId']],
    ['analysisDue', 'analysis', ['state', 'notBeforeMs']],
    ['analysisColumnsBlob', 'analysis', ['columnsBlobId']],
    ['linkProfile', 'link', ['profileId']],
    ['linkExpires', 'link', ['expiresAtMs']],
  ] as const
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}
