import type { Kysely } from 'kysely'

/** Targets, their processes and leases, schedules, slots and triggers. */
export async function createTargets(db: Kysely<unknown>): Promise<void> {
  await createTargetTables(db)
  await createProcessTables(db)
  await createScheduleTables(db)
  const indexes = [
    ['targetDiscoverAt', 'target', ['discoverAtMs']],
    ['targetProcessKey', 'targetProcess', ['processKey']],
    ['processLease', 'process', ['leaseUntilMs']],
    ['slotNextAt', 'slot', ['nextAtMs']],
    ['slotProcess', 'slot', ['processKey']],
    ['profiledTimeProcess', 'profiledTime', ['processKey', 'atMs']],
    ['alertSeenUntil', 'alertSeen', ['untilMs']],
  ] as const
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}

async function createTargetTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('targetsFile')
    .addColumn('path', 'text', (column) => column.primaryKey())
    .addColumn('loadedAtMs', 'bigint')
    .addColumn('clustersJson', 'text', (column) => column.notNull())
    .addColumn('allowJson', 'text', (column) => column.notNull())
    .addColumn('checkedAtMs', 'bigint', (column) => column.notNull())
    .addColumn('faultsJson', 'text', (column) => column.notNull())
    .addColumn('reloadAskedAtMs', 'bigint')
    .execute()
  await db.schema
    .createTable('target')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('cluster', 'text')
    .addColumn('definitionJson', 'text', (column) => column.notNull())
    .addColumn('pausedAtMs', 'bigint')
    .addColumn('discoverAtMs', 'bigint', (column) => column.notNull())
    .addColumn('discoveredAtMs', 'bigint')
    .addColumn('troubleJson', 'text')
    .addColumn('note', 'text')
    .addColumn('testAskedAtMs', 'bigint')
    .addColumn('testClaimedAtMs', 'bigint')
    .addColumn('testedAtMs', 'bigint')
    .addColumn('testJson', 'text')
    .execute()
  await db.schema
    .createTable('targetSchedule')
    .addColumn('target', 'text', (column) =>
      column.notNull().references('target.name').onDelete('cascade'),
    )
    .addColumn('schedule', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('targetScheduleKey', ['target', 'schedule'])
    .execute()
}

async function createProcessTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('process')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('component', 'text')
    .addColumn('cluster', 'text')
    .addColumn('groupName', 'text')
    .addColumn('groupMax', 'integer', (column) => column.notNull())
    .addColumn('failureCount', 'integer', (column) => column.notNull())
    .addColumn('nextTryAtMs', 'bigint')
    .addColumn('troubleJson', 'text')
    .addColumn('lastCaptureId', 'text')
    .addColumn('lastCaptureStatus', 'text')
    .addColumn('lastCaptureAtMs', 'bigint')
    .addColumn('lastSuccessAtMs', 'bigint')
    .addColumn('leaseOwner', 'text')
    .addColumn('leaseToken', 'text')
    .addColumn('leaseUntilMs', 'bigint')
    .addColumn('leaseCaptureId', 'text')
    .addColumn('fence', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('targetProcess')
    .addColumn('target', 'text', (column) =>
      column.notNull().references('target.name').onDelete('cascade'),
    )
    .addColumn('processKey', 'text', (column) =>
      column.notNull().references('process.key').onDelete('restrict'),
    )
    .addColumn('instance', 'text')
    .addColumn('via', 'text', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('addressJson', 'text', (column) => column.notNull())
    .addColumn('seenAtMs', 'bigint', (column) => column.notNull())
    .addColumn('goneAtMs', 'bigint')
    .addPrimaryKeyConstraint('targetProcessPair', ['target', 'processKey'])
    .execute()
  await db.schema
    .createTable('profiledTime')
    .addColumn('captureId', 'text', (column) => column.primaryKey())
    .addColumn('processKey', 'text', (column) => column.notNull())
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('cpuMs', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('raisedVerbosity')
    .addColumn('processKey', 'text', (column) => column.primaryKey())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('addressJson', 'text', (column) => column.notNull())
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('leaseToken', 'text', (column) => column.notNull())
    .execute()
}

async function createScheduleTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schedule')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('definitionJson', 'text', (column) => column.notNull())
    .addColumn('pausedAtMs', 'bigint')
    .addColumn('lastRunAtMs', 'bigint')
    .addColumn('missedCount', 'integer', (column) => column.notNull())
    .addColumn('overlapCount', 'integer', (column) => column.notNull())
    .addColumn('failingCount', 'integer', (column) => column.notNull())
    .addColumn('costCount', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('slot')
    .addColumn('schedule', 'text', (column) =>
      column.notNull().references('schedule.name').onDelete('cascade'),
    )
    .addColumn('processKey', 'text', (column) =>
      column.notNull().references('process.key').onDelete('cascade'),
    )
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('nextAtMs', 'bigint')
    .addPrimaryKeyConstraint('slotKey', ['schedule', 'processKey'])
    .execute()
  await db.schema
    .createTable('trigger')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('definitionJson', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('alertSeen')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('untilMs', 'bigint', (column) => column.notNull())
    .execute()
}
