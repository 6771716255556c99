import type { UsualCores } from '../../../api/index.ts'
import type { Measure, Signal } from '../../rule/rule.ts'
import type { SampleRow } from './match-samples.ts'
import type { MeasureNumbers } from './measure-numbers.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** What a signal measured in a profile, or in one group of its stacks. */
export interface Measured extends Match {
  readonly signal: Signal
  readonly subject: Subject
  readonly tally: Tally
  /** The name of the first measure, and what it is. */
  readonly main: string
  readonly measure: Measure
}

/** The numbers of a signal's measures, of the whole profile or of one group. */
export interface Match {
  readonly group: string | null
  readonly measures: ReadonlyMap<string, MeasureNumbers>
  /** What texts may name beside numbers; null if unknown. */
  readonly words?: Readonly<Record<string, string | null>>
  /** What is normal, of a function that has risen. */
  readonly usual?: UsualCores
  /** Rows of the main measure, found when they are asked for. */
  readonly samples: () => readonly SampleRow[]
}
