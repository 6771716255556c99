import { sql, type Kysely } from 'kysely'

/** Captures, their files, and what was found in them together. */
export async function createCaptures(db: Kysely<unknown>): Promise<void> {
  await createCaptureTable(db)
  await createPartTables(db)
  await createJudgementTables(db)
  await addProfileColumns(db)
  await sql`create unique index "captureDedupe" on "capture" ("dedupeKey")
    where "deletedAtMs" is null and "dedupeKey" is not null`.execute(db)
  await sql`create index "captureDeleted" on "capture" ("deletedAtMs")
    where "deletedAtMs" is not null`.execute(db)
  const indexes = [
    ['captureStatus', 'capture', ['status', 'id']],
    ['captureTarget', 'capture', ['target', 'id']],
    ['captureComponent', 'capture', ['component', 'id']],
    ['captureProcess', 'capture', ['processKey', 'id']],
    ['captureLabelValue', 'captureLabel', ['name', 'value', 'captureId']],
    ['capturePrevious', 'capture', ['previousCaptureId']],
    ['captureFileProfile', 'captureFile', ['profileId']],
    ['captureFileBlob', 'captureFile', ['blobId']],
    ['captureJudgementDue', 'captureJudgement', ['state', 'notBeforeMs']],
    ['profileCapture', 'profile', ['captureId']],
  ] as const
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}

/** Earlier versions kept the instance only within `sourceJson`. */
async function addProfileColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('instance', 'text').execute()
  const query = sql<{ readonly id: string; readonly sourceJson: string }>`
    select "id", "sourceJson" from "profile"`
  for (const { id, sourceJson } of (await query.execute(db)).rows) {
    const { instance }: { readonly instance: string | null } = JSON.parse(sourceJson)
    await sql`update "profile" set "instance" = ${instance ?? null} where "id" = ${id}`.execute(db)
  }
}

async function createCaptureTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('capture')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('target', 'text')
    .addColumn('component', 'text')
    .addColumn('instance', 'text')
    .addColumn('cluster', 'text')
    .addColumn('processKey', 'text')
    .addColumn('schedule', 'text')
    .addColumn('requestJson', 'text')
    .addColumn('labelsJson', 'text', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('dedupeKey', 'text')
    .addColumn('kubernetesVersion', 'text')
    .addColumn('goVersion', 'text')
    // `real` has half the digits in Postgres; in SQLite both have the same affinity.
    .addColumn('seconds', 'double precision')
    .addColumn('partsJson', 'text', (column) => column.notNull())
    .addColumn('errorJson', 'text')
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('startedAtMs', 'bigint')
    .addColumn('finishedAtMs', 'bigint')
    .addColumn('cancelAskedAtMs', 'bigint')
    .addColumn('leaseOwner', 'text')
    .addColumn('leaseToken', 'text')
    .addColumn('leaseUntilMs', 'bigint')
    .addColumn('processStartedAtMs', 'bigint')
    .addColumn('previousCaptureId', 'text')
    .addColumn('worstFindingJson', 'text')
    .addColumn('findingCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('pinnedAtMs', 'bigint')
    .addColumn('deletedAtMs', 'bigint')
    .execute()
}

async function createPartTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('captureLabel')
    .addColumn('captureId', 'text', (column) =>
      column.notNull().references('capture.id').onDelete('restrict'),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('captureLabelKey', ['captureId', 'name'])
    .execute()
  await db.schema
    .createTable('captureFile')
    .addColumn('captureId', 'text', (column) =>
      column.notNull().references('capture.id').onDelete('restrict'),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('profileId', 'text', (column) =>
      column.references('profile.id').onDelete('restrict'),
    )
    .addColumn('blobId', 'text', (column) => column.references('blob.id').onDelete('restrict'))
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('durationMs', 'bigint')
    .addColumn('note', 'text')
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('captureFileKey', ['captureId', 'name'])
    .execute()
}

async function createJudgementTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('captureJudgement')
    .addColumn('captureId', 'text', (column) =>
      column.primaryKey().references('capture.id').onDelete('restrict'),
    )
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('decoderVersion', 'text')
    .addColumn('ruleSetVersion', 'text')
    .addColumn('crashCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('retryCount', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('notBeforeMs', 'bigint', (column) => column.notNull())
    .addColumn('leaseToken', 'text')
    .addColumn('leaseUntilMs', 'bigint')
    .addColumn('failureJson', 'text')
    .addColumn('judgedAtMs', 'bigint')
    .execute()
  await db.schema
    .createTable('captureReport')
    .addColumn('captureId', 'text', (column) =>
      column.notNull().references('capture.id').onDelete('restrict'),
    )
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('reportJson', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('captureReportKey', ['captureId', 'language'])
    .execute()
}
