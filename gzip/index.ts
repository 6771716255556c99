/**
 * What both places share. Code that runs in Node imports `gzip/node.ts` (node:zlib), the browser `gzip/browser.ts`
 * (pako); each has `readProfile`.
 */
export {
  type Gunzip,
  type GunzipOptions,
  type Inflated,
  type InflateOptions,
  inflateProfile,
  mergeProfileWith,
  readProfileWith,
  type ReadOptions,
} from './read-profile.ts'
