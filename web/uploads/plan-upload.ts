/** What dropped files are sent as. `ask`: the reader must say. */
export type UploadPlan = 'bundle' | 'capture' | 'profiles' | 'ask'

const BUNDLE = /\.(tar|tar\.gz|tgz|tar\.zst|tzst)$/i
const KINDS = [
  'cpu',
  'profile',
  'heap',
  'allocs',
  'goroutine',
  'block',
  'mutex',
  'threadcreate',
  'trace',
  'metrics',
  'version',
  'capture',
] as const

/**
 * Files of different kinds from one folder are one capture of a process: `cpu.pb.gz`, `heap.pb.gz`, `metrics.txt`. Two
 * files of one kind are of two processes or times. Where the names say neither, the reader is asked.
 */
export function planUpload(names: readonly string[]): UploadPlan {
  const [first = ''] = names
  if (names.length === 1) return BUNDLE.test(first) ? 'bundle' : 'profiles'
  if (names.some((name) => BUNDLE.test(name))) return 'profiles'
  const kinds = names.map(kindOf)
  const known = kinds.filter((kind) => kind !== null)
  if (new Set(known).size < known.length) return 'profiles'
  return known.length === names.length ? 'capture' : 'ask'
}

function kindOf(name: string): string | null {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  if (base.endsWith('.log')) return base
  return KINDS.find((kind) => base.startsWith(kind)) ?? null
}
