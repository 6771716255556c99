/** The entry for processes that read and write blobs and have no database: decoders start in half the time with it. */
export * from './blob-store.ts'
export * from './fs-blob-store.ts'
