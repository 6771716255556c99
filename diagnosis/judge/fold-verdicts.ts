import { LEVEL_ORDER, type Verdict } from './verdict.ts'

/** Of a finding's value, how much a more specific one must cover to tell it as its own. */
const COVER_SHARE_MIN = 0.8

/** A verdict that is told, with those it tells along. */
export interface ToldVerdict {
  readonly verdict: Verdict
  readonly also: readonly Verdict[]
}

/**
 * One cause is told once: a verdict is folded under one that explains it, is as severe, and covers its samples. What
 * several groups of a rule cover together counts. The same rule in several profiles is one finding, too. Most severe
 * first, then by impact, then by name.
 */
export function foldVerdicts(verdicts: readonly Verdict[]): readonly ToldVerdict[] {
  const ordered = [...verdicts].sort(compareVerdicts)
  const tellerOf = new Map<Verdict, Verdict>()
  for (const [row, verdict] of ordered.entries()) {
    const twin = ordered.slice(0, row).find((other) => isSameFinding(other, verdict))
    const tellers = ordered.filter((other) => isExplainedBy(verdict, other, ordered))
    const teller = twin ?? tellers.find(({ group }) => group === verdict.group) ?? tellers.at(0)
    if (teller !== undefined) tellerOf.set(verdict, teller)
  }
  const also = new Map<Verdict, Verdict[]>()
  for (const verdict of ordered) {
    const teller = lastTeller(verdict, tellerOf)
    if (teller !== null) also.set(teller, [...(also.get(teller) ?? []), verdict])
  }
  return ordered
    .filter((verdict) => !tellerOf.has(verdict))
    .map((verdict) => ({ verdict, also: also.get(verdict) ?? [] }))
}

function isSameFinding(a: Verdict, b: Verdict): boolean {
  return a.rule === b.rule && a.group === b.group
}

/** Rules that explain each other would fold each other away: the one that comes first stays. */
function lastTeller(verdict: Verdict, tellerOf: Map<Verdict, Verdict>): Verdict | null {
  const seen = new Set([verdict])
  let teller = tellerOf.get(verdict) ?? null
  while (teller !== null) {
    const next = tellerOf.get(teller)
    if (next === undefined) return teller
    if (seen.has(teller)) {
      tellerOf.delete(teller)
      return teller
    }
    seen.add(teller)
    teller = next
  }
  return null
}

function isExplainedBy(verdict: Verdict, other: Verdict, all: readonly Verdict[]): boolean {
  if (other === verdict || LEVEL_ORDER[other.level] < LEVEL_ORDER[verdict.level]) return false
  const { id } = verdict.rule
  if (other.rule.confirmedBy.includes(id)) return true
  if (!other.rule.explains.includes(id)) return false
  if (isCombined(other)) return true
  if (other.subject !== verdict.subject || other.signal.reads !== verdict.signal.reads) return false
  const siblings = all.filter(
    ({ rule, subject, signal }) =>
      rule === other.rule && subject === other.subject && signal === other.signal,
  )
  return coverShare(verdict, siblings) >= COVER_SHARE_MIN
}

/** A combined rule has asked for the others' numbers itself. */
export function isCombined({ rule }: Verdict): boolean {
  return 'parts' in rule
}

function coverShare(verdict: Verdict, others: readonly Verdict[]): number {
  const tally = verdict.subject.tallies.get(verdict.signal.reads)
  if (tally === undefined) return 0
  const covered = new Set(others.flatMap(({ samples }) => samples))
  let total = 0
  let shared = 0
  for (const sample of verdict.samples) {
    total += tally.values[sample]
    if (covered.has(sample)) shared += tally.values[sample]
  }
  return total > 0 ? shared / total : 0
}

function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    LEVEL_ORDER[b.level] - LEVEL_ORDER[a.level] ||
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
