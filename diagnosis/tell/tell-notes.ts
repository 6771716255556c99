import type { PreparedInput } from '../judge/prepare-input.ts'
import { CPU_SAMPLES_MIN, CPU_SAMPLES_SURE } from '../judge/judge-rule.ts'
import type { ToldVerdict } from '../judge/fold-verdicts.ts'
import type { Overridden } from '../judge/apply-overrides.ts'
import type { Risen } from '../judge/risen.ts'
import type { LogHit } from '../judge/scan-logs.ts'
import type { Language, Note } from '../../api/index.ts'
import { allRules, type RuleSet } from '../rule/rule-set.ts'
import { formatCount, formatShare } from '../../profile/index.ts'
import { PHRASES } from './phrases.ts'

const CUT_SHARE_TOLD_MIN = 0.2
const DURATION_SECONDS_ENOUGH = 5
const SAMPLES_WANTED = 100
/** A capture may not take longer. */
const SECONDS_MAX = 120

/** What could not be judged in this profile, or only in part. */
export function tellNotes(prepared: PreparedInput, language: Language): readonly Note[] {
  const { notes } = PHRASES[language]
  const { subject, repair } = prepared
  const found: Omit<Note, 'input'>[] = []
  const add = (code: string, text: string) => found.push({ code, text })
  const { length } = subject.profile.samples
  if (length === 0) {
    if (subject.type === 'mutex') add('mutex_not_enabled', notes.mutexNotEnabled)
    else if (subject.type === 'block') add('block_not_enabled', notes.blockNotEnabled)
    else add('no_samples', notes.noSamples)
  } else if (subject.tallies.size === 0 && prepared.growth === null) {
    const isUnknown = subject.type === 'unknown'
    add('type_not_judged', isUnknown ? notes.typeUnknown : notes.notReadable)
  } else if (!hasSymbols(prepared)) add('no_symbols', notes.noSymbols)
  if (length > 0 && subject.type === 'cpu') {
    for (const note of cpuNotes(prepared, language)) found.push(note)
  }
  if (length > 0 && [...subject.tallies.values()].some(({ kind }) => kind === 'cumulative')) {
    add('since_start', notes.sinceStart)
  }
  if (isHeapWithoutGc(prepared)) add('heap_without_gc', notes.heapWithoutGc)
  if (prepared.fault === 'restarted') add('restarted', notes.restarted)
  if (prepared.fault === 'out_of_order') add('out_of_order', notes.outOfOrder)
  for (const { code, text } of subject.profile.warnings) {
    if (code in notes.reading) add(code, notes.reading[code] ?? text)
  }
  if (repair.cutShare >= CUT_SHARE_TOLD_MIN) {
    const [cut, rerooted] = [repair.cutShare, repair.rerootedShare].map(formatShare)
    add('stacks_cut', notes.stacksCut(cut, rerooted, String(repair.depthMax)))
  }
  if (length > 0 && subject.component === null) add('component_unknown', notes.componentUnknown)
  return found.map((note) => ({ ...note, input: subject.input }))
}

/** What the installation decided not to be told, or not so loudly: it is told that it did. */
export function tellOverridden({ verdict, override }: Overridden, language: Language): Note {
  const { rule, level, subject } = verdict
  const { atMost, reason, untilText } = override
  const text = PHRASES[language].notes.overridden({
    reason,
    level,
    atMost,
    rule: rule.id,
    until: untilText,
  })
  return { code: 'overridden', text, input: subject.input }
}

/** What is not yet worth a finding, but was far less in the earlier captures. */
export function tellRisen({ rule, measured }: Risen, language: Language): Note {
  const { measures, main, subject } = measured
  const numbers = measures.get(main)
  const [base, share] = [numbers?.base ?? 0, numbers?.share ?? 0].map(formatShare)
  const title = `${rule.id} (${rule.texts.title[language].replaceAll(/\{[\w.]+\}/g, '…')})`
  const captures = formatCount(subject.history.length)
  const text = PHRASES[language].notes.risen({ title, base, share, captures })
  return { code: 'risen', text, input: subject.input }
}

/** Log lines of rules that no profile made fire. */
export function tellLogNotes(
  told: readonly ToldVerdict[],
  logHits: ReadonlyMap<string, readonly LogHit[]>,
  ruleSet: RuleSet,
  language: Language,
): readonly Note[] {
  if (logHits.size === 0) return []
  const fired = new Set(
    told.flatMap(({ verdict, also }) => [verdict, ...also]).map(({ rule }) => rule.id),
  )
  return allRules(ruleSet).flatMap(({ id, texts }) => {
    const hits = logHits.get(id)
    if (hits === undefined || fired.has(id)) return []
    const lines = hits.map((hit) => logLine(hit, language)).join(' ')
    const title = `${id} (${texts.title[language].replaceAll(/\{[\w.]+\}/g, '…')})`
    return [{ code: 'log_line', text: PHRASES[language].notes.logLines(title, lines), input: null }]
  })
}

export function logLine({ log, count, example }: LogHit, language: Language): string {
  return PHRASES[language].logLines(log, formatCount(count), example)
}

function cpuNotes({ subject }: PreparedInput, language: Language): readonly Omit<Note, 'input'>[] {
  const { notes } = PHRASES[language]
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

function hasSymbols({ subject }: PreparedInput): boolean {
  return subject.names.names.some((name) => name !== '')
}
