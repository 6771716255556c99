/**
 * What both places share. Code that runs in Node imports `gzip/node.ts` (node:zlib), the browser `gzip/browser.ts`
 * (pako); each has `readProfile`.
 */
export { filesInZip, isZip } from './read-zip.ts'
export { isZstd } from './unwrap-bytes.ts'
export {
  type Gunzip,
  type GunzipOptions,
  type Inflaters,
  type Inflated,
  type InflateOptions,
  inflateProfile,
  mergeProfileWith,
  readProfileWith,
  type ReadOptions,
} from './read-profile.ts'
