import { cpus, release, totalmem, type } from 'node:os'
import { benchBig } from './profile/big.ts'
import { benchCollect } from './service/collect.ts'
import { benchClients } from './service/clients.ts'
import { benchDecodeAndRules } from './profile/decode-and-rules.ts'
import { benchFlameChromium } from './browser/flame-chromium.ts'
import { benchHistory } from './history/history.ts'
import { benchLists } from './service/lists.ts'
import { benchLoad } from './service/load.ts'
import { benchMerge } from './profile/merge.ts'
import { benchPprofTop } from './profile/pprof-top.ts'
import { benchStart } from './service/start.ts'
import { benchUpload } from './service/upload.ts'
import { benchWorkers } from './service/workers.ts'

/** Each answers a Markdown table. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<string>>> = {
  'pprof-top': benchPprofTop,
  merge: benchMerge,
  history: benchHistory,
  big: benchBig,
  'decode-and-rules': benchDecodeAndRules,
  'flame-chromium': benchFlameChromium,
  upload: benchUpload,
  load: benchLoad,
  workers: benchWorkers,
  clients: benchClients,
  lists: benchLists,
  collect: benchCollect,
  start: benchStart,
}

const [name, ...args] = process.argv.slice(2)
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  console.error(`Unknown benchmark ${name}. Benchmarks: ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const model = cpus()[0]?.model ?? 'unknown CPU'
const memoryGb = (totalmem() / 2 ** 30).toFixed(0)
console.log(
  `${cpus().length} x ${model}, ${memoryGb} GB, ${type()} ${release()}, Node ${process.version}\n`,
)
for (const [benchName, bench] of Object.entries(BENCHES)) {
  if (name === undefined || name === benchName)
    console.log(`## ${benchName}\n\n${await bench(args)}\n`)
}
