import { isBundleName } from '../../api/profiles/bundle-name.ts'

/** What dropped files are sent as. `ask`: the reader must say. */
export type UploadPlan = 'bundle' | 'capture' | 'profiles' | 'ask'

/**
 * What a capture holds at most one file of: profiles, a dump beside a profile, and pages before and after it. What
 * follows the kind in a name, such as a time, does not make it another kind.
 */
const KIND =
  /^(cpu|profile|heap|allocs|goroutineleak|goroutines?|block|mutex|threadcreate|trace|metrics|version|capture|healthz|livez|readyz|statusz|flagz)(?![a-z])(?:[._-](before|after|debug\d))?/

/**
 * Files of different kinds from one folder are one capture of a process: `cpu.pb.gz`, `heap.pb.gz`, `metrics.txt`. Two
 * files of one kind are of two processes or times. Where the names say neither, the reader is asked.
 */
export function planUpload(names: readonly string[]): UploadPlan {
  const [first = ''] = names
  if (names.length === 1) return isBundleName(first) ? 'bundle' : 'profiles'
  if (names.some((name) => isBundleName(name))) return 'profiles'
  const kinds = names.map(kindOf)
  const known = kinds.filter((kind) => kind !== null)
  if (new Set(known).size < known.length) return 'profiles'
  return known.length === names.length ? 'capture' : 'ask'
}

function kindOf(name: string): string | null {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  if (/\.log(?:\.gz)?$/.test(base)) return base
  const [, kind, side = ''] = KIND.exec(base) ?? []
  return kind === undefined ? null : `${kind} ${side}`
}
