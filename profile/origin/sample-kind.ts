import { NONE, type Profile, type ValueType } from '../types.ts'

/**
 * What a sample type's values mean over time. Interval values are of the profile's duration and add up. Snapshot
 * values are of one moment: averages and last ones mean something, sums do not. Cumulative values count since the
 * process started: only the difference of two profiles of one process means something.
 */
export type SampleKind = 'interval' | 'snapshot' | 'cumulative'

/** The type of a profile. `contention` is a block or mutex profile whose stacks do not show which of the two. */
export type ProfileType =
  | 'cpu'
  | 'heap'
  | 'allocs'
  | 'goroutine'
  | 'block'
  | 'mutex'
  | 'threadcreate'
  | 'contention'
  | 'other'

const SNAPSHOTS = new Set([
  'inuse_space',
  'inuse_objects',
  'goroutine',
  'goroutineleak',
  'threadcreate',
])
const CUMULATIVES = new Set(['alloc_space', 'alloc_objects', 'contentions', 'delay'])

/** Whether Go's own profiles have a sample type of this name. */
export function isKnownSampleType(type: string): boolean {
  return type === 'cpu' || type === 'samples' || SNAPSHOTS.has(type) || CUMULATIVES.has(type)
}

/**
 * The kind of a sample type of this profile. Only CPU profiles and those taken with `?seconds=` say a duration, and
 * what has a duration is an interval.
 */
export function sampleKindOf(profile: Profile, sampleTypeIndex: number): SampleKind {
  const { type } = profile.sampleTypes[sampleTypeIndex]
  return sampleKindOfType(type, profile.durationNs > 0n)
}

/** The kind of a sample type in profiles that declare a duration or do not. */
export function sampleKindOfType(type: string, isTimed: boolean): SampleKind {
  if (isTimed) return 'interval'
  if (SNAPSHOTS.has(type)) return 'snapshot'
  return CUMULATIVES.has(type) ? 'cumulative' : 'interval'
}

/**
 * The sample type to show first, as pprof chooses it: the profile's default where it has one, else the last. Except
 * that `allocs?seconds=` lacks its default in Go (https://github.com/golang/go/issues/57765): there it is `alloc_space`.
 */
export function defaultSampleTypeIndex(profile: Profile): number {
  const { sampleTypes, defaultSampleType } = profile
  const named = defaultSampleType === '' ? NONE : indexOfType(sampleTypes, defaultSampleType)
  if (named !== NONE) return named
  const allocated = indexOfType(sampleTypes, 'alloc_space')
  if (allocated !== NONE && profile.durationNs > 0n) return allocated
  return sampleTypes.length - 1
}

/**
 * The row of the sample type that a sample_index of pprof means: a row, a name, a name behind `inuse_`; the default for
 * an empty one. `null` where it means none. https://github.com/google/pprof/blob/main/profile/index.go
 */
export function sampleTypeRow(profile: Profile, sampleIndex: string): number | null {
  const { sampleTypes } = profile
  if (sampleIndex === '') return defaultSampleTypeIndex(profile)
  if (/^[+-]?\d+$/.test(sampleIndex)) {
    const row = Number(sampleIndex)
    return row >= 0 && row < sampleTypes.length ? row : null
  }
  const short = sampleIndex.replace(/^inuse_/, '')
  const row = sampleTypes.findIndex(({ type }) => type === sampleIndex || type === short)
  return row === NONE ? null : row
}

export function inferProfileType(profile: Profile): ProfileType {
  const types = new Set(profile.sampleTypes.map(({ type }) => type))
  if (types.has('cpu')) return 'cpu'
  // eBPF profilers count samples and state the period of one.
  if (types.has('samples') && profile.periodType?.type === 'cpu') return 'cpu'
  if (types.has('alloc_space') || types.has('inuse_space')) {
    const isDelta = types.has('alloc_space') && profile.durationNs > 0n
    return profile.defaultSampleType === 'alloc_space' || isDelta ? 'allocs' : 'heap'
  }
  if (types.has('goroutine') || types.has('goroutineleak')) return 'goroutine'
  if (types.has('threadcreate')) return 'threadcreate'
  if (types.has('delay')) return contentionType(profile)
  return 'other'
}

function indexOfType(sampleTypes: readonly ValueType[], type: string): number {
  return sampleTypes.findIndex((sampleType) => sampleType.type === type)
}

/** Stacks of a mutex profile end in the one who unlocks, those of a block profile in the one who waits. */
const UNLOCKS =
  /\.(Unlock|RUnlock|unlockSlow|rUnlockSlow)$|^runtime\.(unlock|unlock2|unlockWithRank|_LostContendedRuntimeLock)$/
const WAITS =
  /\.(Lock|RLock|lockSlow|Wait)$|^runtime\.(selectgo|chanrecv\d|chansend\d|block|gopark|semacquire\d?)$/

function contentionType(profile: Profile): ProfileType {
  const { samples, stacks, frames, funcs, strings } = profile
  let unlockCount = 0
  let waitCount = 0
  for (let sample = 0; sample < samples.length; sample++) {
    const leaf = samples.stack[sample]
    const func = leaf === NONE ? NONE : frames.func[stacks.frame[leaf]]
    if (func === NONE) continue
    const name = strings[funcs.name[func]]
    if (UNLOCKS.test(name)) unlockCount++
    else if (WAITS.test(name)) waitCount++
  }
  if (unlockCount === waitCount) return 'contention'
  return unlockCount > waitCount ? 'mutex' : 'block'
}
