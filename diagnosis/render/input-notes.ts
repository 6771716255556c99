import { CPU_SAMPLES_SURE } from '../judge/verdict/judge-measured.ts'
import { CPU_SAMPLES_MIN } from '../judge/verdict/judge-rule.ts'
import type { Coverage } from '../judge/verdict/coverage.ts'
import { sumOf } from '../judge/facts/metrics.ts'
import type { PreparedInput } from '../judge/prepare/prepare-input.ts'
import type { Language } from '../../api/index.ts'
import { formatCount, formatShare, formatValue } from '../../profile/index.ts'
import { PHRASES, type Phrases } from './phrases.ts'

const CUT_SHARE_NOTED_MIN = 0.2
const DURATION_SECONDS_ENOUGH = 5
const SAMPLES_WANTED = 100
/** A capture may not take longer. */
const SECONDS_MAX = 120
/** By how much the process holds more than its profile says, where the profile is of an older collection. */
const HEAP_TIMES_MIN = 1.5
const HEAP_BYTES_MORE_MIN = 256 * 2 ** 20

export interface InputNote {
  readonly code: string
  readonly text: string
}

/** What could not be judged in one profile, or only in part. */
export function inputNotes(coverage: Coverage, language: Language): readonly InputNote[] {
  const { prepared } = coverage
  const { notes } = PHRASES[language]
  const { subject, repair, fault } = prepared
  const { length } = subject.profile.samples
  const found = [...gapNotes(coverage, notes)]
  const add = (code: string, text: string) => found.push({ code, text })
  if (length > 0 && subject.type === 'cpu') found.push(...cpuNotes(prepared, notes))
  if (isHeapWithoutGc(prepared)) add('heap_without_gc', notes.heapWithoutGc)
  else found.push(...heapNotes(prepared, notes))
  if (fault === 'restarted') add('restarted', notes.restarted)
  if (fault === 'out_of_order') add('out_of_order', notes.outOfOrder)
  for (const { code, text } of subject.profile.warnings) {
    if (code in notes.reading) add(code, notes.reading[code] ?? text)
  }
  if (repair.cutShare >= CUT_SHARE_NOTED_MIN) {
    const [cut, rerooted] = [repair.cutShare, repair.rerootedShare].map(formatShare)
    add('stacks_cut', notes.stacksCut(cut, rerooted, String(repair.depthMax)))
  }
  return found
}

/** Why a profile does not show the present. */
function gapNotes(
  { prepared: { subject, growth }, gap }: Coverage,
  notes: Phrases['notes'],
): readonly InputNote[] {
  const { type } = subject
  const isReadable = subject.tallies.size > 0 || growth !== null
  switch (gap) {
    case 'no_samples':
      if (type === 'mutex') {
        return [{ code: 'mutex_not_enabled', text: mutexText(subject.component, notes) }]
      }
      if (type === 'block') {
        return [{ code: 'block_not_enabled', text: blockText(subject.component, notes) }]
      }
      return [{ code: 'no_samples', text: notes.noSamples }]
    case 'no_symbols':
      return [{ code: 'no_symbols', text: notes.noSymbols }]
    case 'no_rules':
      if (isReadable && subject.component !== null && type !== 'mutex') return []
      return [
        {
          code: 'type_not_judged',
          text: type === 'unknown' ? notes.typeUnknown : notes.notReadable,
        },
      ]
    case 'since_start':
      return [{ code: 'since_start', text: notes.sinceStart }]
    default:
      return []
  }
}

const WITH_CONTENTION_FLAG = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'kubelet',
])

/** What turns the profile on is another thing in each program; etcd has nothing that does. */
function blockText(component: string | null, { block }: Phrases['notes']): string {
  if (component === 'etcd') return block.never('etcd')
  if (component === null) return block.inGo
  if (component === 'kubelet') return block.byConfig
  return WITH_CONTENTION_FLAG.has(component) ? block.byFlag : block.inGo
}

function mutexText(component: string | null, { mutex }: Phrases['notes']): string {
  return component !== null && WITH_CONTENTION_FLAG.has(component)
    ? mutex.inNoComponent
    : mutex.inGo
}

function cpuNotes({ subject }: PreparedInput, notes: Phrases['notes']): readonly InputNote[] {
  const tally = subject.tallies.get('cpu')
  if (tally === undefined) return []
  const { count } = tally.total
  const seconds = tally.durationNs === null ? null : tally.durationNs / 1e9
  if (count < CPU_SAMPLES_MIN) {
    const wanted = secondsFor(count, seconds)
    return [{ code: 'too_few_samples', text: notes.tooFewSamples(formatCount(count), wanted) }]
  }
  if (count < CPU_SAMPLES_SURE) {
    return [{ code: 'few_samples', text: notes.fewSamples(formatCount(count)) }]
  }
  if (seconds !== null && seconds < DURATION_SECONDS_ENOUGH) {
    return [{ code: 'capture_short', text: notes.tooShort(seconds.toFixed(1)) }]
  }
  return []
}

/** How long to capture for enough samples at the present load; `null` where no length would do. */
function secondsFor(count: number, seconds: number | null): string | null {
  if (seconds === null || count === 0) return null
  const wanted = Math.ceil((SAMPLES_WANTED * seconds) / count / 10) * 10
  return wanted > SECONDS_MAX ? null : String(Math.max(10, wanted))
}

/** What is in use is counted when a collection ends. */
function isHeapWithoutGc({ subject: { tallies, profile } }: PreparedInput): boolean {
  const inUse = tallies.get('inuse_space')
  return inUse !== undefined && profile.samples.length > 0 && inUse.total.value === 0
}

/** A heap profile is of the last collection that ended, the metrics are of now. */
function heapNotes({ subject }: PreparedInput, notes: Phrases['notes']): readonly InputNote[] {
  const held = subject.tallies.get('inuse_space')?.total.value ?? 0
  const now = sumOf(subject.metrics.current, 'go_memstats_heap_alloc_bytes') ?? 0
  if (held === 0 || now < HEAP_TIMES_MIN * held || now - held < HEAP_BYTES_MORE_MIN) return []
  const [heldText, nowText] = [held, now].map((bytes) => formatValue(bytes, 'bytes'))
  return [{ code: 'heap_of_last_gc', text: notes.heapOfLastGc(heldText, nowText) }]
}
