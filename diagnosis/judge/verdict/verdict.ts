import type { Level } from '../../../api/index.ts'
import type { Measure, RuleHead, Signal } from '../../rule/rule.ts'
import type { Match } from '../match/measured.ts'
import type { SampleRow } from '../match/match-samples.ts'
import type { MeasureNumbers } from '../match/measure-numbers.ts'
import type { Subject } from '../prepare/subject.ts'

/** A rule that fired on a profile, before it is put into words. */
export interface Verdict extends Pick<Match, 'words' | 'usual'> {
  readonly rule: RuleHead
  readonly signal: Signal
  /** The measure whose numbers are shown, and its name below. */
  readonly measure: Measure
  readonly subject: Subject
  readonly group: string | null
  readonly level: Level
  /** The level that the rule's conditions ask for, before what is in `caps` kept it down. */
  readonly wanted: Level
  /** What kept the level down. */
  readonly caps: readonly Cap[]
  /**
   * The measured share reaches the rule's conditions, its lower bound just misses them. Such a verdict is reported only
   * if it explains a certain one.
   */
  readonly isLikely: boolean
  /** Metrics alone set the level: what the measure counts is beside it. */
  readonly isByMetrics: boolean
  readonly measures: ReadonlyMap<string, MeasureNumbers>
  readonly main: string
  /** The samples of that measure. */
  readonly samples: readonly SampleRow[]
}

/**
 * `since_start`: the values count since the process started. `few_samples`: too few to be sure. `impact_unknown`: the
 * profile does not say what part of the condition needs. `starting`: normal while a process starts.
 */
export type Cap = 'since_start' | 'few_samples' | 'impact_unknown' | 'starting'

export function isSinceStart({ caps }: Verdict): boolean {
  return caps.includes('since_start')
}

export const LEVEL_ORDER: Readonly<Record<Level, number>> = { info: 0, warning: 1, critical: 2 }
