import { Value } from 'typebox/value'
import { onTestFinished } from 'vitest'
import {
  BlobOptions,
  openStore,
  type OpenStoreOptions,
  type Store,
  StoreOptions,
} from '../../store/index.ts'
import { memoryDirectory } from '../temporary-directory.ts'

/** As without any settings, but that a full disk does not matter. */
export const STORE_DEFAULTS = {
  ...Value.Create(StoreOptions),
  blobs: Value.Create(BlobOptions),
  freeBytesMin: 0,
  reserveBytes: 0,
  onDiskFailure: (error: unknown) => {
    throw error
  },
} satisfies OpenStoreOptions

/** A store for one test, empty unless a directory is given. */
export async function openTestStore(options: Partial<OpenStoreOptions> = {}): Promise<Store> {
  const directory = options.directory ?? (await memoryDirectory())
  const store = await openStore({ ...STORE_DEFAULTS, ...options, directory })
  onTestFinished(() => store.close())
  return store
}
