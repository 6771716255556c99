import type { PathRow } from '../pattern/stack-automaton.ts'
import type { SafeRegex } from '../pattern/safe-regex.ts'
import type { Level } from '../../api/index.ts'
import type { Expression } from './expression.ts'
import type { VersionRange } from './version-range.ts'

/** The same sentence in each language the project speaks. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** What a signal looks at: a sample type of a profile. */
export type Reads = (typeof READS)[number]
export const READS = [
  'cpu',
  'goroutine',
  'goroutineleak',
  'block',
  'mutex',
  'inuse_space',
  'alloc_space',
  'threadcreate',
] as const

/** What a rule of either kind has; patterns and expressions compiled. */
export interface RuleHead {
  /** Stored in reports and links: never changes. */
  readonly id: string
  /** The file it was read from. */
  readonly file: string
  /** Rules whose findings are folded into this one's if it covers them. */
  readonly explains: readonly string[]
  /** Rules that find the same in other profiles of the process; their findings are folded into this one's. */
  readonly confirmedBy: readonly string[]
  /** True for a rule that finds by numbers and names no cause: its findings are folded into a rule's that names one. */
  readonly isGeneric: boolean
  /** True for a rule about what is around the process, as its machine: told after the others of its level. */
  readonly isAround: boolean
  /** Metrics that conditions can ask for as `metrics.NAME`. */
  readonly numbers: ReadonlyMap<string, MetricQuery>
  /** Finds the kind of object in a function's name, in its groups. */
  readonly kinds: SafeRegex | null
  /**
   * The paths of libraries whose functions, like those of the matched package, are skipped to find the callers; `null` if
   * callers do not matter.
   */
  readonly callersOutside: readonly string[] | null
  /** Read when they are first asked for. */
  readonly texts: RuleTexts
}

/** One heuristic, as its file says it. */
export interface Rule extends RuleHead {
  /** `kube-apiserver`, `*-apiserver`, `!kube-apiserver`, `*`. */
  readonly components: readonly string[]
  /** True for a rule about clients that asks for no code of client-go: it looks at any program. */
  readonly isForAnyClient: boolean
  /** Of Kubernetes, and of the library for client-go (1.30 there is 0.30); `null` for all. */
  readonly versions: VersionRange | null
  readonly goVersions: VersionRange | null
  /** As the rule says them: `>=1.20 <1.36`. */
  readonly versionsText: string | null
  readonly goVersionsText: string | null
  /** What any process does while it starts: always, never, or where the condition holds. */
  readonly normalAtStart: boolean | Expression
  /** It is enough that one of them fires. The first is the rule's own; the others find the same in other profiles. */
  readonly signals: readonly Signal[]
}

/** A heuristic over what other rules measured, in the profiles of one capture or of several processes. */
export interface CombinedRule extends RuleHead {
  /** By name; the first leads: the finding has its profile and numbers. */
  readonly parts: ReadonlyMap<string, Part>
  readonly levels: readonly LevelCondition[]
}

/** What a rule measured, whether it fired or not; or a signal of the combined rule's own. */
export type Part =
  | { readonly kind: 'rule'; readonly rule: string; readonly within: string | null }
  | { readonly kind: 'own'; readonly rule: Rule }
  /** What passes through the functions that another part found. */
  | { readonly kind: 'through'; readonly part: string; readonly reads: Reads }

export interface RuleTexts {
  readonly title: Text
  /** What it means; may hold numbers as `{share}` or `{decode.share}`. */
  readonly meaning: Text
  readonly remarks: readonly Advice[]
  readonly remedy: readonly Advice[]
  readonly next: readonly NextText[]
  readonly sources: readonly string[]
  /** Metrics that say more of the same, shown where the capture has them. */
  readonly metrics: readonly MetricText[]
  /** Find the log lines that say the same, in all their historic wordings. */
  readonly logs: readonly SafeRegex[]
  readonly cases: readonly RuleCase[]
}

export interface Signal {
  readonly reads: Reads
  /** By name, in the rule's order; the first is the one whose numbers are shown. */
  readonly measures: ReadonlyMap<string, Measure>
  /** Judges what its groups find in the functions of a stack each apart; `null` judges the profile as a whole. */
  readonly by: SafeRegex | null
  /** Most severe first. */
  readonly levels: readonly LevelCondition[]
  readonly unless: Expression | null
  /** Measures shown as parts of the first, with what they are called. */
  readonly split: readonly SplitPart[]
}

export interface MetricQuery {
  /**
   * `change`: what a gauge grew by, where there is an earlier page. `average`: the sum of a histogram or summary of
   * seconds by its count.
   */
  readonly kind: 'counter' | 'gauge' | 'change' | 'average'
  readonly name: string
  /** Only series with these labels. */
  readonly where: ReadonlyMap<string, string>
  /** All that was counted since the process started, also where there are two pages: of a counter the number, no rate. */
  readonly isTotal: boolean
  /**
   * What metrics call the rule's groups, by group; a label of `where` that must be `{group}` is that of the finding's own.
   * Another group has its own name.
   */
  readonly groupNames: Readonly<Record<string, string>>
  /** Of a counter: the second largest of its sums by this label, 0 where there is one alone. `null`: all of them. */
  readonly second: string | null
}

export interface MetricText extends MetricQuery {
  /** By which conditions ask for it; `null` where none does. */
  readonly as: string | null
  readonly text: Text
  /** The label whose values are reported separately. */
  readonly by: string | null
  /** `null`: always. */
  readonly when: Expression | null
}

export interface SplitPart {
  readonly measure: string
  readonly text: Text
}

export interface LevelCondition {
  readonly level: Level
  readonly condition: Expression
  /** As the rule says it. */
  readonly text: string
}

export type Measure =
  /** The stacks that match. */
  | { readonly kind: 'where'; readonly predicate: Predicate }
  /** The stacks whose class is among these. */
  | { readonly kind: 'classes'; readonly classes: ReadonlySet<number> }
  /** The one stack that most samples have, of those that match. */
  | { readonly kind: 'largest'; readonly predicate: Predicate }
  /** The one stack that grew most since the first of the earlier captures, of those that match. */
  | { readonly kind: 'growing'; readonly predicate: Predicate }
  /** Stacks with nearly the same count as each other, of those that match: what leaks together. */
  | { readonly kind: 'together'; readonly predicate: Predicate }
  /** Stacks that wait for one lock, or for locks of one type, of those that match. */
  | { readonly kind: 'lock'; readonly predicate: Predicate }
  /** Stacks that pass through the one function that holds most, of those that match. */
  | { readonly kind: 'place'; readonly predicate: Predicate }
  /** Stacks that pass through a function that needs more CPU than is normal for the process, of those that match. */
  | { readonly kind: 'risen'; readonly predicate: Predicate }

/** Measures that choose among the stacks that match. */
export const GROUP_KINDS = ['largest', 'growing', 'together', 'lock', 'place', 'risen'] as const

/** Over one stack: some path of `any`, each of `all`, none of `none`. An empty `any` asks nothing. */
export interface Predicate {
  readonly any: readonly PathRow[]
  readonly all: readonly PathRow[]
  readonly none: readonly PathRow[]
}

/** When advice applies. */
export interface AdviceScope {
  /** `null`: always. */
  readonly when: Expression | null
  /** The public address that says from or up to which version it is true. */
  readonly since: string | null
  /** A rule: left out where that rule looked at this capture and found nothing. */
  readonly found: string | null
  /** A rule: left out where that rule has a finding in this capture. */
  readonly notFound: string | null
}

export interface Advice extends AdviceScope {
  readonly text: Text
  /** For the rule's page alone: nothing that is measured can speak for it. */
  readonly isOnPage: boolean
}

export interface NextText extends AdviceScope {
  readonly what: Text
  readonly command: string | null
  readonly metric: string | null
  readonly log: string | null
}

/** Profiles written as folded stacks, and what the rule must say of them. */
export interface RuleCase {
  readonly name: string
  /** `null`: the rule must stay silent. */
  readonly fires: Level | null
  /** One, but for combined rules. */
  readonly profiles: readonly CaseProfile[]
  /** The process's metrics by name, with labels as on its page; and the same from before the profile. */
  readonly metrics: Readonly<Record<string, number>>
  readonly metricsBefore: Readonly<Record<string, number>>
}

export interface CaseProfile {
  readonly reads: Reads
  /** Of earlier captures of the process, oldest first, each an hour after the one before. */
  readonly earlier: readonly string[]
  /** Of the profile; 0 for one that has no duration. */
  readonly seconds: number
  readonly component: string | null
  /** Inferred where it is `null`. */
  readonly kubernetesVersion: string | null
  readonly stacks: string
}
