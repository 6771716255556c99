// Runs the bundled command line where it is there and no source is newer, else the sources themselves.
import { readFileSync, statSync } from 'node:fs'

await import(freshBundle() ?? '../cli/main.ts')

/** The bundle's path; null where it is absent or stale, or where the command runs a service. */
function freshBundle() {
  if (process.argv[2] !== 'pprof' && process.argv[2] !== 'diagnose') return null
  try {
    const file = new URL('../build/kubeprof.json', import.meta.url)
    const { entry, sources, builtAtMs } = JSON.parse(readFileSync(file, 'utf8'))
    const isFresh = sources.every(
      (source) => statSync(new URL(`../${source}`, import.meta.url)).mtimeMs <= builtAtMs,
    )
    return isFresh ? `../build/${entry}` : null
  } catch {
    return null
  }
}
