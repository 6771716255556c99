// Runs the bundled command line where it is there and no source is newer, else the sources themselves.
const { readFileSync, statSync } = require('node:fs')

const root = `${__dirname}/..`
const command = process.argv[2]
const bundle = command === 'pprof' || command === 'diagnose' ? freshBundle() : null
if (bundle === null) void import(`${root}/cli/main.ts`)
else require(bundle)

/** The bundle's path; null where it is absent or stale. */
function freshBundle() {
  try {
    const bundles = JSON.parse(readFileSync(`${root}/build/kubeprof.json`, 'utf8'))
    const { builtAtMs } = bundles
    const { entry, sources } = bundles[command]
    const isFresh = sources.every((source) => statSync(`${root}/${source}`).mtimeMs <= builtAtMs)
    return isFresh ? `${root}/build/${entry}` : null
  } catch {
    return null
  }
}
