import { sql } from 'kysely'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { manyProfiles } from '../../bench/index.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { isCountCut } from '../../store/database/list-filter.ts'
import { PROFILES } from '../../store/profiles/sql-profile-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

test.each([
  [10_000, false],
  [10_001, true],
])('of %i profiles it is said whether only the newest were counted', async (count, isCut) => {
  const path = join(await temporaryDirectory(), 'kubeprof.db')
  const { db, close } = await openSqlite({ path })
  onTestFinished(close)
  for (const statement of manyProfiles(count)) await sql.raw(statement).execute(db)
  expect(await isCountCut(db, PROFILES, { target: 'target-7' })).toBe(isCut)
})
