import { Value } from 'typebox/value'
import { onTestFinished } from 'vitest'
import { openStore, type OpenStoreOptions, type Store, StoreOptions } from '../../store/index.ts'
import { memoryDirectory } from '../temporary-directory.ts'

/** A store for one test, empty unless a directory is given. */
export async function openTestStore(options: Partial<OpenStoreOptions> = {}): Promise<Store> {
  const store = await openStore({
    ...Value.Create(StoreOptions),
    directory: options.directory ?? (await memoryDirectory()),
    freeBytesMin: 0,
    reserveBytes: 0,
    onDiskFailure: (error) => {
      throw error
    },
    ...options,
  })
  onTestFinished(() => store.close())
  return store
}
