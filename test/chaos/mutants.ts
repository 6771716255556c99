import { fileURLToPath } from 'node:url'

/** In this file of the program, the first `from` is replaced by `to`. */
export interface SourceChange {
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * Programs that each lack one protection: a test that still passes with one of them proves nothing. The last ones are a
 * server that ends with its decoder, as where memory runs out, a later version, and two whose memory grows.
 */
export const MUTANTS = {
  'the bytes are not flushed': [
    { file: 'store/blobs/fs-blob-store.ts', from: 'await flush(file, onDiskFailure)', to: '' },
  ],
  'the folder of the bytes is not flushed': [
    {
      file: 'store/blobs/fs-blob-store.ts',
      from: 'await flushFolder(folderOf(folders.blobs, key), options.onDiskFailure)',
      to: '',
    },
  ],
  'the log of SQLite is not flushed': [
    { file: 'store/database/commit-log.ts', from: 'await file.datasync()', to: '' },
  ],
  'the answer comes before the commit': [
    {
      file: 'store/database/group-commit.ts',
      from: 'return () => resolve(result)',
      to: 'resolve(result); await new Promise((done) => setTimeout(done, 50)); return () => undefined',
    },
  ],
  'bytes are deleted before their row': [
    {
      file: 'worker/jobs/sweep.ts',
      from: 'garbage.deleteRows(ROWS_MAX)',
      to: 'garbage.deleteRows(ROWS_MAX, (key) => blobs.delete(key))',
    },
    {
      file: 'store/retention/sql-garbage.ts',
      from: 'async deleteRows(limit) {',
      to: 'async deleteRows(limit, deleteBytes) {',
    },
    {
      file: 'store/retention/sql-garbage.ts',
      from: 'write((trx) => deleteRemoved(trx, limit))',
      to: `write(async (trx) => {
        const keys = await deleteRemoved(trx, limit)
        for (const key of keys) await deleteBytes(key)
        return keys
      })`,
    },
  ],
  'a lost lease is not noticed': [
    { file: 'store/jobs/sql-job-store.ts', from: `.where('leaseToken', '=', leaseToken)`, to: '' },
  ],
  'a crash is counted at the end': [
    {
      file: 'store/jobs/sql-job-store.ts',
      from: "crashCount: sql<number>`${sql.ref('crashCount')} + 1`,",
      to: '',
    },
    {
      file: 'store/jobs/sql-job-store.ts',
      from: 'write((trx) => crash(trx, claim, failure, rules)',
      to: 'write((trx) => crash(trx, { ...claim, crashCount: claim.crashCount + 1 }, failure, rules)',
    },
  ],
  'a transaction begins as a reader': [
    {
      file: 'store/database/sqlite-dialect.ts',
      from: `raw('begin immediate')`,
      to: `raw('begin')`,
    },
  ],
  'profiles of the target poison end the server': [
    {
      file: 'worker/jobs/analysis-job.ts',
      from: `kind: 'analyse',`,
      to: `kind: source.target === 'poison' ? process.kill(process.pid, 'SIGKILL') : 'analyse',`,
    },
  ],
  'it is a later version, with a migration more': [
    {
      file: 'store/database/migrate.ts',
      from: `import { MIGRATIONS } from '../schema/migrations.ts'`,
      to: `import { MIGRATIONS as ALL } from '../schema/migrations.ts'
        const later = { up: async (db) => void (await db.schema.createTable('later').addColumn('id', 'text').execute()) }
        const MIGRATIONS = { ...ALL, '9999-later': later }`,
    },
  ],
  'the bytes of every upload are kept': [
    {
      file: 'collect/receive/receive-profile.ts',
      from: 'upload.count(chunk.length)',
      to: 'upload.count(chunk.length); (globalThis.kept ??= []).push(chunk)',
    },
  ],
  'what every task answered is kept': [
    {
      file: 'worker/pool/decoder-process.ts',
      from: 'const onMessage = (message: unknown) => {',
      to: 'const onMessage = (message) => { (globalThis.kept ??= []).push(message)',
    },
  ],
} satisfies Readonly<Record<string, readonly SourceChange[]>>

export type Mutant = keyof typeof MUTANTS

/** Read by `mutant-hooks.ts`. */
export const MUTANT_VARIABLE = 'KUBEPROF_TEST_MUTANT'

const HOOKS = fileURLToPath(new URL('mutant-hooks.ts', import.meta.url))

/** The variables with which a kubeprof process is this mutant. */
export function mutantEnv(mutant: Mutant): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=${HOOKS}`,
    [MUTANT_VARIABLE]: JSON.stringify(MUTANTS[mutant]),
  }
}
