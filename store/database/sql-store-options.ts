import type { Database } from './database.ts'

/** What the stores over SQL are given. */
export type SqlStoreOptions = Pick<Database, 'db' | 'write' | 'now'>
