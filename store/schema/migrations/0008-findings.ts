import type { Kysely } from 'kysely'

/** The history of findings. It outlives captures and profiles, so nothing refers to their rows. */
export async function createFindings(db: Kysely<unknown>): Promise<void> {
  await createObservations(db)
  await createFindingTable(db)
  await createEvents(db)
  const indexes = [
    ['findingObservationTime', 'findingObservation', ['subjectId', 'atMs']],
    ['findingKey', 'finding', ['subjectId', 'rule', 'groupName']],
    ['findingOrder', 'finding', ['resolvedAtMs', 'level', 'lastSeenAtMs']],
    ['findingEventFinding', 'findingEvent', ['findingId', 'atMs']],
  ] as const
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}

async function createObservations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('findingSubject')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('cluster', 'text')
    .addColumn('component', 'text')
    .addColumn('target', 'text')
    .addColumn('instance', 'text')
    .addColumn('newestAtMs', 'bigint', (column) => column.notNull())
    .addColumn('newestId', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('findingObservation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subjectId', 'text', (column) => column.notNull().references('findingSubject.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('typesJson', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('findingSighting')
    .addColumn('observationId', 'text', (column) =>
      column.notNull().references('findingObservation.id'),
    )
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('groupName', 'text', (column) => column.notNull())
    .addColumn('seenJson', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('findingSightingKey', ['observationId', 'rule', 'groupName'])
    .execute()
}

async function createFindingTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('finding')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subjectId', 'text', (column) => column.notNull().references('findingSubject.id'))
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('groupName', 'text', (column) => column.notNull())
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('worstLevel', 'integer', (column) => column.notNull())
    .addColumn('seenJson', 'text', (column) => column.notNull())
    .addColumn('firstSeenAtMs', 'bigint', (column) => column.notNull())
    .addColumn('lastSeenAtMs', 'bigint', (column) => column.notNull())
    .addColumn('openedAtMs', 'bigint', (column) => column.notNull())
    .addColumn('raisedAtMs', 'bigint', (column) => column.notNull())
    .addColumn('resolvedAtMs', 'bigint')
    .addColumn('seenCount', 'integer', (column) => column.notNull())
    .addColumn('returnCount', 'integer', (column) => column.notNull())
    .addColumn('openedById', 'text', (column) => column.notNull())
    .addColumn('latestId', 'text', (column) => column.notNull())
    .addColumn('acknowledgedAtMs', 'bigint')
    .addColumn('acknowledgedBy', 'text')
    .addColumn('note', 'text')
    .addColumn('mutedUntilMs', 'bigint')
    .addColumn('mutedBy', 'text')
    .execute()
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('findingEvent')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('findingId', 'text', (column) => column.notNull().references('finding.id'))
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('observationId', 'text')
    .addColumn('actor', 'text')
    .addColumn('note', 'text')
    .addColumn('untilMs', 'bigint')
    .execute()
}
