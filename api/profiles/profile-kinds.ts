/** Go's own profiles, by the names of `runtime/pprof`; `cpu` is what it calls `profile`. */
export const PROFILE_KINDS = [
  'cpu',
  'heap',
  'allocs',
  'goroutine',
  'block',
  'mutex',
  'threadcreate',
] as const
