import { onTestFinished } from 'vitest'
import { openStore, type OpenStoreOptions, type Store } from '../../store/index.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { STORE_DEFAULTS } from './store-defaults.ts'

export { STORE_DEFAULTS }

/** A store for one test, empty unless a directory is given. */
export async function openTestStore(options: Partial<OpenStoreOptions> = {}): Promise<Store> {
  const directory = options.directory ?? (await memoryDirectory())
  const store = await openStore({ ...STORE_DEFAULTS, ...options, directory })
  onTestFinished(() => store.close())
  return store
}
