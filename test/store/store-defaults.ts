import { Value } from 'typebox/value'
import { BlobOptions, type OpenStoreOptions, StoreOptions } from '../../store/index.ts'

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
