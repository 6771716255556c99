import type { Level } from '../../api/index.ts'
import { coverShare, isOfCollector } from './cover-share.ts'
import { isSinceStart, LEVEL_ORDER, type Verdict } from './verdict.ts'

/** Of a finding's value, how much a more specific one must cover to tell it as its own. */
const COVER_SHARE_MIN = 0.8
/** Of the work for the collector half is enough: the rest is spread over all that allocates. */
const COLLECTOR_SHARE_MIN = 0.5
/** And this much where the collector's part is what makes the cause as severe as it is told. */
const RAISING_SHARE_MIN = 0.7

/** A verdict that is told, with those it tells along. */
export interface ToldVerdict {
  readonly verdict: Verdict
  readonly also: readonly Verdict[]
}

/**
 * One cause is told once: a verdict is folded under one that explains it, is as severe, and covers its samples. What
 * several groups of a rule cover together counts. The same rule in several profiles is one finding, too. What only counts
 * since the start tells nothing that goes on now.
 *
 * How severe they are is compared before anything kept their levels down: a cause that is held down while the process
 * starts tells its effects all the same, and holds them down. A likely cause is told only where it explains what is sure.
 *
 * Most severe first, then what goes on now before what counts since the start, causes before what only finds by numbers,
 * by impact, and by name.
 */
export function foldVerdicts(verdicts: readonly Verdict[]): readonly ToldVerdict[] {
  const ordered = [...verdicts].sort(compareVerdicts)
  const tellerOf = findTellers(ordered)
  const also = new Map<Verdict, Verdict[]>()
  for (const verdict of ordered) {
    const teller = lastTeller(verdict, tellerOf)
    const isTwin = teller?.subject === verdict.subject && isSameFinding(teller, verdict)
    if (teller !== null && !isTwin) also.set(teller, [...(also.get(teller) ?? []), verdict])
  }
  return ordered
    .filter((verdict) => !tellerOf.has(verdict))
    .map((verdict) => toldWith(verdict, also.get(verdict) ?? []))
    .filter(({ verdict, also }) => !verdict.isLikely || also.length > 0)
    .sort((a, b) => compareVerdicts(a.verdict, b.verdict))
}

function findTellers(ordered: readonly Verdict[]): Map<Verdict, Verdict> {
  const tellerOf = new Map<Verdict, Verdict>()
  for (const [row, verdict] of ordered.entries()) {
    const twin = ordered.slice(0, row).find((other) => isSameFinding(other, verdict))
    const tellers = ordered
      .filter((other) => isExplainedBy(verdict, other, ordered))
      .sort((a, b) => Number(a.isLikely) - Number(b.isLikely))
    const teller = twin ?? tellers.find(({ group }) => group === verdict.group) ?? tellers.at(0)
    if (teller !== undefined) tellerOf.set(verdict, teller)
  }
  // A likely one tells what is sure, and nothing else tells or needs it.
  const needed = new Set([...tellerOf].flatMap(([told, by]) => (told.isLikely ? [] : [by])))
  for (const verdict of ordered) {
    if (verdict.isLikely && !needed.has(verdict)) tellerOf.delete(verdict)
  }
  return tellerOf
}

/**
 * What the teller's level becomes by what it tells: what says the same elsewhere and what the collector does for it are of
 * its weight, and a likely cause is as severe as what it explains. What holds the teller down holds down the others.
 */
function toldWith(verdict: Verdict, also: readonly Verdict[]): ToldVerdict {
  const isHeldDown = verdict.level !== verdict.wanted && !verdict.isLikely
  if (isHeldDown) {
    const held = also.map((each) => ({ ...each, level: lower(each.level, verdict.level) }))
    return { verdict, also: held }
  }
  const raising = also.filter(({ rule, isLikely }) => {
    const isSame = rule.isGeneric || verdict.rule.confirmedBy.includes(rule.id)
    return verdict.isLikely ? !isLikely : isSame
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
  if (other === verdict || (isSinceStart(other) && !isSinceStart(verdict))) return false
  const { id } = verdict.rule
  const isGeneric = verdict.rule.isGeneric && !other.rule.isGeneric
  const isConfirming = other.rule.confirmedBy.includes(id)
  const lacking = LEVEL_ORDER[verdict.wanted] - LEVEL_ORDER[other.wanted]
  if (lacking > (isGeneric || isConfirming ? 1 : 0)) return false
  if (isConfirming) return true
  const isNamed = other.rule.explains.includes(id)
  if (isCombined(other)) return isNamed && lacking <= 0
  if (!isNamed && !isGeneric) return false
  if (other.subject !== verdict.subject || other.signal.reads !== verdict.signal.reads) return false
  const siblings = all.filter(
    ({ rule, subject, signal }) =>
      rule === other.rule && subject === other.subject && signal === other.signal,
  )
  return coverShare(verdict, siblings) >= coverShareMin(verdict, lacking)
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
