import { sql } from 'kysely'
import { openBlobs } from './blobs/open-blobs.ts'
import type { BlobOptions } from './blobs/options.ts'
import { sqlEventStore } from './captures/event-store.ts'
import { sqlCaptureStore } from './captures/sql-capture-store.ts'
import { sqlJudgementStore } from './captures/sql-judgement-store.ts'
import { sqlStoreClock } from './clock/sql-store-clock.ts'
import { sqlRowCopy } from './rows/row-copy.ts'
import type { Database } from './database/database.ts'
import { openDatabase } from './database/open-database.ts'
import { openInstallation } from './installation/sql-installation.ts'
import type { FaultEvent } from './integrity/integrity.ts'
import { sqlIntegrity } from './integrity/sql-integrity.ts'
import type { StoreOptions } from './options.ts'
import { sqlAuditStore } from './accounts/sql-audit-store.ts'
import { sqlSessionStore } from './accounts/sql-session-store.ts'
import { sqlTokenStore } from './accounts/sql-token-store.ts'
import { sqlAnalysisStore } from './profiles/sql-analysis-store.ts'
import { sqlHistoryRows } from './history/sql-history-rows.ts'
import { sqlNumberedRows } from './history/sql-numbered.ts'
import { sqlLinkStore } from './profiles/sql-link-store.ts'
import { sqlProfileStore } from './profiles/sql-profile-store.ts'
import { sqlFindingStore } from './findings/sql-finding-store.ts'
import { sqlGarbage } from './retention/sql-garbage.ts'
import type { Store } from './store.ts'
import { sqlProcessStore } from './targets/sql-process-store.ts'
import { sqlScheduleStore } from './targets/sql-schedule-store.ts'
import { sqlSpacesStore } from './spaces/sql-spaces-store.ts'
import { sqlTargetStore } from './targets/sql-target-store.ts'

export interface OpenStoreOptions extends StoreOptions {
  readonly blobs: BlobOptions
  /** See FsBlobStoreOptions. */
  readonly onDiskFailure: (error: unknown) => void
  /** See IntegrityNeeds. */
  readonly onBlobFault?: (event: FaultEvent) => void
  /** The time, in milliseconds since the Unix epoch; the default is the database's. */
  readonly now?: () => number
  /**
   * Whether to bring the tables of Postgres up to date; else it waits a minute for `kubeprof migrate` to do so. Those of
   * SQLite always are.
   */
  readonly migrates?: boolean
  /** Called once, at once, with what it waits for. */
  readonly onUnmigrated?: (says: string) => void
}

/**
 * Opens rows and bytes where the settings say they are. Several processes may have them open. Throws an AppError that
 * names the fault.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const database = await openDatabase({ migrates: false, ...options })
  try {
    return await openOn(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openOn(database: Database, options: OpenStoreOptions): Promise<Store> {
  const { db, write } = database
  const shared = { db, write, now: options.now ?? database.now }
  const blobs = await openBlobs(options.blobs, options)
  const { onBlobFault: onFault = () => undefined } = options
  const garbage = sqlGarbage(shared)
  const acceptCommand = acceptCommandFor(options)
  const installation = await openInstallation({ ...shared, blobs, garbage, acceptCommand })
  return {
    profiles: sqlProfileStore(shared),
    links: sqlLinkStore(shared),
    analyses: sqlAnalysisStore(shared),
    captures: sqlCaptureStore(shared),
    judgements: sqlJudgementStore(shared),
    targets: sqlTargetStore(shared),
    schedules: sqlScheduleStore(shared),
    processes: sqlProcessStore(shared),
    spaces: sqlSpacesStore(shared),
    tokens: sqlTokenStore(shared),
    sessions: sqlSessionStore(shared),
    audit: sqlAuditStore(shared),
    history: sqlHistoryRows(shared),
    numberedHistory: sqlNumberedRows(shared),
    findings: sqlFindingStore(shared),
    events: sqlEventStore(shared),
    garbage,
    rows: sqlRowCopy(database),
    integrity: sqlIntegrity({ ...shared, blobs, onFault }),
    installation,
    clock: sqlStoreClock(shared),
    blobs,
    async check() {
      await installation.stop()
      await sql`select * from "profile" order by "id" desc limit 1`.execute(db)
      await blobs.checkWrite()
    },
    async close() {
      await installation.close()
      await database.close()
    },
  }
}

/** What accepts a stop of deletion, ready to be pasted where the store is one folder. */
function acceptCommandFor({ kind, blobs, directory }: OpenStoreOptions): string {
  return kind === 'sqlite' && blobs.kind === 'files'
    ? `kubeprof verify --accept --data ${directory}`
    : 'kubeprof verify --accept (with the settings of this server)'
}
