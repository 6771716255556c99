// The entry of `kubeprof pprof`, bundled into one CommonJS file without top-level await: CommonJS modules load some
// milliseconds sooner, and `kubeprof pprof` runs for forty.
import { runPprof } from './pprof-command.ts'
import { processIo } from '../terminal/process-io.ts'
import { runCommand } from '../terminal/run-command.ts'

// Exiting here instead of shutting the engine down saves two milliseconds. All output is written by now.
void runCommand('pprof', runPprof, process.argv.slice(3), processIo()).then((exitCode) => {
  process.exit(exitCode)
})
