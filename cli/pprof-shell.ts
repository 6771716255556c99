import type { CommandIo } from './command-io.ts'
import type { PprofFlags } from './pprof-flags.ts'
import { readSources } from './read-sources.ts'

/** The prompt of `kubeprof pprof FILE`. */
export async function runShell(flags: PprofFlags, io: CommandIo): Promise<number> {
  const sources = await readSources(flags, io, { keepsIds: true })
  return sources === null ? 3 : 0
}
