// The entry of `kubeprof pprof` alone, bundled into one file without top-level await: modules of Node's older kind load
// some milliseconds sooner, and `kubeprof pprof` runs for forty.
import { runPprof } from './pprof-command.ts'
import { processIo } from './process-io.ts'
import { runCommand } from './run-command.ts'

void runCommand('pprof', runPprof, process.argv.slice(3), processIo()).then((exitCode) => {
  process.exitCode = exitCode
})
