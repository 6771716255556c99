import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { AppError } from '../api/index.ts'
import { lockDirectory } from './directory-lock.ts'
import { openFsBlobStore } from './blobs/fs-blob-store.ts'
import { groupCommit } from './database/group-commit.ts'
import { openInstallation } from './installation/sql-installation.ts'
import type { StoreOptions } from './options.ts'
import { sqlAuditStore } from './accounts/sql-audit-store.ts'
import { sqlSessionStore } from './accounts/sql-session-store.ts'
import { sqlTokenStore } from './accounts/sql-token-store.ts'
import { sqlAnalysisStore } from './profiles/sql-analysis-store.ts'
import { sqlCaptureStore } from './captures/sql-capture-store.ts'
import { sqlGarbage } from './retention/sql-garbage.ts'
import { sqlJudgementStore } from './captures/sql-judgement-store.ts'
import { sqlLinkStore } from './profiles/sql-link-store.ts'
import { sqlProcessStore } from './targets/sql-process-store.ts'
import { sqlProfileStore } from './profiles/sql-profile-store.ts'
import { sqlScheduleStore } from './targets/sql-schedule-store.ts'
import { sqlTargetStore } from './targets/sql-target-store.ts'
import { openSqlite } from './database/sqlite-database.ts'
import type { Store } from './store.ts'

const OPEN_MS_MAX = 20_000
const OPEN_POLL_MS = 20

export interface OpenStoreOptions extends StoreOptions {
  /** See FsBlobStoreOptions. */
  readonly onDiskFailure: (error: unknown) => void
  /** The time, in milliseconds since the Unix epoch. */
  readonly now?: () => number
}

/**
 * Opens the data directory, creates it if needed, and migrates its tables. Several processes may
 * have it open. Throws an AppError that names the fault of the directory.
 */
export async function openStore({ now = Date.now, ...options }: OpenStoreOptions): Promise<Store> {
  const { directory } = options
  await makeDirectory(directory)
  const blobs = await openFsBlobStore(options)
  const db = await openAlone(directory, () => openSqlite({ path: join(directory, 'kubeprof.db') }))
  const shared = { db, write: groupCommit(db), now }
  const garbage = sqlGarbage(shared)
  const acceptCommand = `kubeprof verify --accept --data ${directory}`
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
    tokens: sqlTokenStore(shared),
    sessions: sqlSessionStore(shared),
    audit: sqlAuditStore(shared),
    garbage,
    installation,
    blobs,
    async check() {
      await sql`select 1`.execute(db)
      await blobs.checkSpace()
    },
    async close() {
      await installation.close()
      await db.destroy()
    },
  }
}

/**
 * One process at a time opens the database: the switch to WAL does not wait for others, and tables are made once.
 */
async function openAlone<Result>(directory: string, open: () => Promise<Result>): Promise<Result> {
  const endMs = performance.now() + OPEN_MS_MAX
  let lock = lockDirectory(directory, 'open')
  while (lock === null && performance.now() < endMs) {
    await delay(OPEN_POLL_MS)
    lock = lockDirectory(directory, 'open')
  }
  try {
    return await open()
  } finally {
    lock?.release()
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('STORAGE_FAILED', {
      message: `The data directory ${directory} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    })
  }
}
