/**
 * The frames that pprof hides in old formats: those of the allocator, of the profiler and of locks
 * (https://github.com/google/pprof/blob/main/profile/legacy_profile.go, addLegacyFrameInfo).
 */
export interface LegacyFrames {
  readonly dropFrames: string
  readonly keepFrames: string
}

/** Of POSIX, tcmalloc, macOS, Go's runtime and C++. */
const ALLOCATORS = [
  'calloc',
  'cfree',
  'malloc',
  'free',
  'memalign',
  'do_memalign',
  '(__)?posix_memalign',
  'pvalloc',
  'valloc',
  'realloc',
  'tcmalloc::.*',
  'tc_calloc',
  'tc_cfree',
  'tc_malloc',
  'tc_free',
  'tc_memalign',
  'tc_posix_memalign',
  'tc_pvalloc',
  'tc_valloc',
  'tc_realloc',
  'tc_new',
  'tc_delete',
  'tc_newarray',
  'tc_deletearray',
  'tc_new_nothrow',
  'tc_newarray_nothrow',
  'malloc_zone_malloc',
  'malloc_zone_calloc',
  'malloc_zone_valloc',
  'malloc_zone_realloc',
  'malloc_zone_memalign',
  'malloc_zone_free',
  String.raw`runtime\..*`,
  'BaseArena::.*',
  '(::)?do_malloc_no_errno',
  '(::)?do_malloc_pages',
  '(::)?do_malloc',
  'DoSampledAllocation',
  'MallocedMemBlock::MallocedMemBlock',
  '_M_allocate',
  '__builtin_(vec_)?delete',
  '__builtin_(vec_)?new',
  '__gnu_cxx::new_allocator::allocate',
  '__libc_malloc',
  '__malloc_alloc_template::allocate',
  'allocate',
  'cpp_alloc',
  String.raw`operator new(\[\])?`,
  'simple_alloc::allocate',
]

/** Go's runtime in the middle of a stack. */
const KEPT_RUNTIME = [
  String.raw`runtime\.panic`,
  String.raw`runtime\.reflectcall`,
  String.raw`runtime\.call[0-9]*`,
]

/** Of gperftools and the handler of signals. */
const PROFILERS = [
  'ProfileData::Add',
  'ProfileData::prof_handler',
  'CpuProfiler::prof_handler',
  '__pthread_sighandler',
  '__restore',
]

/** Frames of locks that record their own contention. */
const LOCKS = [
  'RecordLockProfileData',
  '(base::)?RecordLockProfileData.*',
  '(base::)?SubmitMutexProfileData.*',
  '(base::)?SubmitSpinLockProfileData.*',
  '(base::Mutex::)?AwaitCommon.*',
  '(base::Mutex::)?Unlock.*',
  '(base::Mutex::)?UnlockSlow.*',
  '(base::Mutex::)?ReaderUnlock.*',
  '(base::MutexLock::)?~MutexLock.*',
  '(Mutex::)?AwaitCommon.*',
  '(Mutex::)?Unlock.*',
  '(Mutex::)?UnlockSlow.*',
  '(Mutex::)?ReaderUnlock.*',
  '(MutexLock::)?~MutexLock.*',
  '(SpinLock::)?Unlock.*',
  '(SpinLock::)?SlowUnlock.*',
  '(SpinLockHolder::)?~SpinLockHolder.*',
]

export const HEAP_FRAMES: LegacyFrames = {
  dropFrames: ALLOCATORS.join('|'),
  keepFrames: KEPT_RUNTIME.join('|'),
}
export const LOCK_FRAMES: LegacyFrames = { dropFrames: LOCKS.join('|'), keepFrames: '' }
export const CPU_FRAMES: LegacyFrames = { dropFrames: PROFILERS.join('|'), keepFrames: '' }
