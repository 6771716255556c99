// Packs days as a decoder process does. Its arguments are a folder of blocks and how often to pack them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packBlocks, type PackingInput } from '../../history/index.ts'
import type { BlobStore } from '../../store/blobs.ts'

const [folder = '', targets = ''] = process.argv.slice(2)
const text = readFileSync(join(folder, 'hours.json'), 'utf8')
const blocks: PackingInput['blocks'] = JSON.parse(text)
const blobs: Pick<BlobStore, 'get' | 'put'> = {
  get: (key) => Promise.resolve(readFileSync(join(folder, key))),
  put(bytes) {
    if (bytes instanceof Uint8Array) writeFileSync(join(folder, 'day'), bytes)
    return Promise.resolve({ key: 'day', sha256: '', sizeBytes: 0 })
  },
}
for (let target = 0; target < Number(targets); target++) {
  await packBlocks(blobs, { blocks, pending: [], skippedIds: [], isWholeDay: true })
  globalThis.gc?.()
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
const compacted = {
  peakMb: (maxRSS * 1024) / 1e6,
  cpuMs: (userCPUTime + systemCPUTime) / 1000,
}
writeFileSync(join(folder, 'compacted.json'), JSON.stringify(compacted))
