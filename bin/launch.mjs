// Runs the bundled command line where it is there and no source is newer, else the sources themselves.
import { readFileSync, statSync } from 'node:fs'

await import(isBundleFresh() ? '../build/kubeprof.mjs' : '../cli/main.ts')

function isBundleFresh() {
  if (process.argv[2] !== 'pprof' && process.argv[2] !== 'diagnose') return false
  try {
    const file = new URL('../build/kubeprof.json', import.meta.url)
    const { builtAtMs, sources } = JSON.parse(readFileSync(file, 'utf8'))
    return sources.every(
      (source) => statSync(new URL(`../${source}`, import.meta.url)).mtimeMs <= builtAtMs,
    )
  } catch {
    return false
  }
}
