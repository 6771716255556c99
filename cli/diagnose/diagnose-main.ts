// The entry of `kubeprof diagnose`, bundled into one file and exiting as that of `kubeprof pprof` does.
import { runDiagnose } from './diagnose-command.ts'
import { processIo } from '../terminal/process-io.ts'
import { runCommand } from '../terminal/run-command.ts'

void runCommand('diagnose', runDiagnose, process.argv.slice(3), processIo()).then((exitCode) => {
  process.exit(exitCode)
})
