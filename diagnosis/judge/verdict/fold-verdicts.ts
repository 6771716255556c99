import type { Level } from '../../../api/index.ts'
import { holdersOf } from '../match/lock-holders.ts'
import { coverShare, isOfCollector, standingShare, workingShare } from './cover-share.ts'
import { isSinceStart, LEVEL_ORDER, type Verdict } from './verdict.ts'

/** The share of a finding's value that a more specific one must cover to fold it in. */
const COVER_SHARE_MIN = 0.8
/** Half is enough for work of the garbage collector: the rest is spread over all that allocates. */
const COLLECTOR_SHARE_MIN = 0.5
/** The share for work of the collector that raises the level of the cause. */
const RAISING_SHARE_MIN = 0.7

/** The share for a finding of the same level to come before one that it explains in part. */
const LEADING_SHARE_MIN = 0.5

/** Of the goroutines of one moment, the share that must stand where the CPU time goes. */
const STANDING_SHARE_MIN = 0.5
/** Of the CPU time in their stacks, the share that must go there: a few goroutines stand anywhere by chance. */
const WORKING_SHARE_MIN = 0.5

/** A verdict that becomes a finding, and the verdicts folded into it. */
export interface ReportedVerdict {
  readonly verdict: Verdict
  readonly also: readonly Verdict[]
}

/**
 * Reports each cause once: a verdict is folded into one that explains it, is as severe, and covers its samples. Several
 * groups of a rule may cover them together. The same rule in several profiles is one finding, too. A verdict on values
 * since the process started explains none about the present. Goroutines that a rule only counts are explained by CPU
 * time of the same stacks.
 *
 * Severity is compared before overrides and conditions lower levels: a cause whose level is lowered while the process
 * starts still explains its effects, and lowers their levels too. A likely cause is reported only if it explains a
 * certain verdict.
 *
 * Order: most severe first, then present before since the start, what the process does before what is around it, causes
 * before rules that only find by numbers, then by impact and by name. Of one level, a verdict that explains half of
 * another comes before it, as does what the holder of a lock waits for before those who wait for the lock.
 */
export function foldVerdicts(verdicts: readonly Verdict[]): readonly ReportedVerdict[] {
  const ordered = [...verdicts].sort(compareVerdicts)
  const causeOf = findCauses(ordered)
  const also = new Map<Verdict, Verdict[]>()
  for (const verdict of ordered) {
    const cause = rootCauseOf(verdict, causeOf)
    const isTwin = cause?.subject === verdict.subject && isSameFinding(cause, verdict)
    if (cause !== null && !isTwin) also.set(cause, [...(also.get(cause) ?? []), verdict])
  }
  const reported = ordered
    .filter((verdict) => !causeOf.has(verdict))
    .map((verdict) => withFolded(verdict, also.get(verdict) ?? []))
    .filter(({ verdict, also }) => !verdict.isLikely || also.length > 0)
    .sort((a, b) => compareVerdicts(a.verdict, b.verdict))
  return withCausesFirst(reported)
}

/** Moves what explains a verdict in part before it, where both have the same level. */
function withCausesFirst(sorted: readonly ReportedVerdict[]): readonly ReportedVerdict[] {
  const rest = [...sorted]
  const result: ReportedVerdict[] = []
  for (let next = rest.at(0); next !== undefined; next = rest.at(0)) {
    const { verdict } = next
    const row = rest.findIndex(
      (other) => explainsInPart(other.verdict, verdict) || holdsLockOf(verdict, other.verdict),
    )
    result.push(...rest.splice(Math.max(row, 0), 1))
  }
  return result
}

function explainsInPart(cause: Verdict, verdict: Verdict): boolean {
  return (
    cause !== verdict &&
    cause.level === verdict.level &&
    isSinceStart(cause) === isSinceStart(verdict) &&
    cause.subject === verdict.subject &&
    cause.signal.reads === verdict.signal.reads &&
    cause.rule.explains.includes(verdict.rule.id) &&
    coverShare(verdict, [cause]) >= LEADING_SHARE_MIN
  )
}

/** Whether what the cause looks for is where the holder of the lock stands that the others wait for. */
function holdsLockOf({ subject, signal, measure, group, level, samples }: Verdict, cause: Verdict) {
  if (measure.kind !== 'lock' || signal.reads !== 'goroutine' || group === null) return false
  const { rule } = cause
  if (cause.level !== level || rule.isGeneric || rule.isAround || cause.group === group)
    return false
  const tally = subject.tallies.get(signal.reads)
  if (tally === undefined || cause.subject !== subject || cause.signal.reads !== signal.reads)
    return false
  const found = new Set(cause.samples)
  return holdersOf(group, samples, subject, tally).some(({ sample }) => found.has(sample))
}

function findCauses(ordered: readonly Verdict[]): Map<Verdict, Verdict> {
  const causeOf = new Map<Verdict, Verdict>()
  for (const [row, verdict] of ordered.entries()) {
    const twin = ordered.slice(0, row).find((other) => isSameFinding(other, verdict))
    const causes = ordered
      .filter((other) => isExplainedBy(verdict, other, ordered))
      .sort((a, b) => Number(a.isLikely) - Number(b.isLikely))
    const cause = twin ?? causes.find(({ group }) => group === verdict.group) ?? causes.at(0)
    if (cause !== undefined) causeOf.set(verdict, cause)
  }
  // A likely verdict that explains no certain one is not folded into another: `foldVerdicts` drops it.
  const needed = new Set([...causeOf].flatMap(([effect, by]) => (effect.isLikely ? [] : [by])))
  for (const verdict of ordered) {
    if (verdict.isLikely && !needed.has(verdict)) causeOf.delete(verdict)
  }
  return causeOf
}

/**
 * The verdict with those folded into it, at the level that follows: the same finding in another profile and work of the
 * collector raise it, and a likely cause is as severe as its effects. If the verdict's level was lowered, theirs are too.
 */
function withFolded(verdict: Verdict, also: readonly Verdict[]): ReportedVerdict {
  const isHeldDown = verdict.level !== verdict.wanted && !verdict.isLikely
  if (isHeldDown) {
    const held = also.map((each) => ({ ...each, level: lower(each.level, verdict.level) }))
    return { verdict, also: held }
  }
  const raising = also.filter((each) => {
    const isSame = each.rule.isGeneric || isConfirmedBy(verdict, each)
    return verdict.isLikely ? !each.isLikely : isSame
  })
  const level = raising.map((each) => each.level).reduce(higher, verdict.level)
  return { verdict: level === verdict.level ? verdict : { ...verdict, level }, also }
}

function lower(a: Level, b: Level): Level {
  return LEVEL_ORDER[a] <= LEVEL_ORDER[b] ? a : b
}

function higher(a: Level, b: Level): Level {
  return LEVEL_ORDER[a] >= LEVEL_ORDER[b] ? a : b
}

function isSameFinding(a: Verdict, b: Verdict): boolean {
  return a.rule === b.rule && a.group === b.group
}

/** The verdict that the chain of causes ends with. Breaks a cycle: of rules that explain each other the first stays. */
function rootCauseOf(verdict: Verdict, causeOf: Map<Verdict, Verdict>): Verdict | null {
  const seen = new Set([verdict])
  let cause = causeOf.get(verdict) ?? null
  while (cause !== null) {
    const next = causeOf.get(cause)
    if (next === undefined) return cause
    if (seen.has(cause)) {
      causeOf.delete(cause)
      return cause
    }
    seen.add(cause)
    cause = next
  }
  return null
}

function isExplainedBy(verdict: Verdict, other: Verdict, all: readonly Verdict[]): boolean {
  if (other === verdict || (isSinceStart(other) && !isSinceStart(verdict))) return false
  const { id } = verdict.rule
  const isGeneric = verdict.rule.isGeneric && !other.rule.isGeneric
  const isConfirming = isConfirmedBy(other, verdict)
  const lacking =
    LEVEL_ORDER[verdict.wanted] -
    (isConfirming ? severityOf(other, all) : LEVEL_ORDER[other.wanted])
  if (lacking > (isGeneric || isConfirming ? 1 : 0)) return false
  if (isConfirming) return true
  const isNamed = other.rule.explains.includes(id)
  if (isCombined(other)) return isNamed && lacking <= 0
  if (!isNamed && !isGeneric) return false
  if (isOfGoroutines(verdict) && isOfCpu(other)) {
    return (
      standingShare(verdict, other) >= STANDING_SHARE_MIN &&
      workingShare(verdict, other) >= WORKING_SHARE_MIN
    )
  }
  if (other.subject !== verdict.subject || other.signal.reads !== verdict.signal.reads) return false
  const siblings = all.filter(
    ({ rule, subject, signal }) =>
      rule === other.rule && subject === other.subject && signal === other.signal,
  )
  return coverShare(verdict, siblings) >= coverShareMin(verdict, lacking)
}

/** Whether the other reports the same: it is named by its rule, or as `rule[end of its group]`. */
function isConfirmedBy({ rule }: Verdict, { rule: { id }, group }: Verdict): boolean {
  return rule.confirmedBy.some((name) => {
    if (!name.endsWith(']')) return name === id
    const end = name.slice(name.indexOf('[') + 1, -1)
    return name.startsWith(`${id}[`) && (group === end || group?.endsWith(`/${end}`) === true)
  })
}

/** How severe a verdict is, with what confirms it by what goes on now: each raises it by one level at most. */
function severityOf(verdict: Verdict, all: readonly Verdict[]): number {
  const own = LEVEL_ORDER[verdict.wanted]
  const raised = all
    .filter((each) => !each.isLikely && !isSinceStart(each) && isConfirmedBy(verdict, each))
    .map(({ wanted }) => LEVEL_ORDER[wanted])
  return raised.includes(own + 1) ? own + 1 : own
}

/** Goroutines that a rule counts, whatever they wait for. */
function isOfGoroutines({ signal, measure, rule }: Verdict): boolean {
  return rule.isGeneric && signal.reads === 'goroutine' && measure.kind === 'where'
}

function isOfCpu({ signal, measure, group }: Verdict): boolean {
  return signal.reads === 'cpu' && measure.kind === 'where' && group === null
}

function coverShareMin(verdict: Verdict, lacking: number): number {
  if (!isOfCollector(verdict)) return COVER_SHARE_MIN
  return lacking > 0 ? RAISING_SHARE_MIN : COLLECTOR_SHARE_MIN
}

/** A combined rule has asked for the others' numbers itself. */
export function isCombined({ rule }: Verdict): boolean {
  return 'parts' in rule
}

function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    LEVEL_ORDER[b.level] - LEVEL_ORDER[a.level] ||
    Number(isSinceStart(a)) - Number(isSinceStart(b)) ||
    Number(a.rule.isAround) - Number(b.rule.isAround) ||
    Number(a.rule.isGeneric) - Number(b.rule.isGeneric) ||
    impactOf(b) - impactOf(a) ||
    compareTexts(a.rule.id, b.rule.id) ||
    compareTexts(a.group ?? '', b.group ?? '')
  )
}

/** Of different units, so only an order: share of the profile, which all have. */
function impactOf({ measures, main }: Verdict): number {
  return measures.get(main)?.share ?? 0
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
