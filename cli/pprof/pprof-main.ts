// The entry of `kubeprof pprof` alone, bundled into one file without top-level await: modules of Node's older kind load
// some milliseconds sooner, and `kubeprof pprof` runs for forty.
import { runPprof } from './pprof-command.ts'
import { processIo } from '../terminal/process-io.ts'
import { runCommand } from '../terminal/run-command.ts'

// To end here rather than take the engine down step by step saves two milliseconds. All output is written by now.
void runCommand('pprof', runPprof, process.argv.slice(3), processIo()).then((exitCode) => {
  process.exit(exitCode)
})
