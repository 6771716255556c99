import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Value } from 'typebox/value'
import { BlobOptions, openStore, StoreOptions } from '../../store/index.ts'
import { manyProfiles } from './many-profiles.ts'

/** Makes a data folder with the rows of so many profiles, see `manyProfiles`. */
export async function fillSqlite(directory: string, count: number): Promise<void> {
  const store = await openStore({
    ...Value.Create(StoreOptions),
    blobs: Value.Create(BlobOptions),
    directory,
    onDiskFailure: () => undefined,
  })
  await store.close()
  const database = new DatabaseSync(join(directory, 'kubeprof.db'))
  for (const statement of manyProfiles(count)) database.exec(statement)
  database.exec('analyze')
  database.close()
}
