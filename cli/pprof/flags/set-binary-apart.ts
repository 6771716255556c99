import { closeSync, openSync, readSync } from 'node:fs'
import type { PprofFlags } from './pprof-flags.ts'

/**
 * The flags with the profiled binary separated from the sources, which pprof lets come first: `pprof BINARY PROFILE`.
 * Only its name is used: kubeprof does not read binaries.
 */
export function setBinaryApart(flags: PprofFlags): PprofFlags {
  const [first, ...sources] = flags.sources
  if (first === undefined || sources.length === 0 || !isBinary(first)) return flags
  return { ...flags, binary: first, sources }
}

/** The first bytes of ELF, Mach-O (in its variants) and PE. */
const STARTS = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '4d5a']

function isBinary(path: string): boolean {
  try {
    const file = openSync(path, 'r')
    const bytes = Buffer.alloc(4)
    readSync(file, bytes)
    closeSync(file)
    return STARTS.some((start) => bytes.toString('hex').startsWith(start))
  } catch {
    // Absent, a folder or a URL: a source, whose faults are reported when it is read.
    return false
  }
}
