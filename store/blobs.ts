/** The entry for processes that read and write blobs and have no database: decoders start in half the time with it. */
export * from './blobs/blob-store.ts'
export * from './blobs/fs-blob-store.ts'
export { flushFolder } from './blobs/fs-files.ts'
export * from './blobs/verify.ts'
export { packReports } from './database/packed-json.ts'
