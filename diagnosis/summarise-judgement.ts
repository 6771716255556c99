import type { WorstFindingSummary } from '../api/index.ts'
import type { ProfileOrigin } from '../profile/index.ts'
import type { Judgement } from './diagnose.ts'
import { fillText } from './render/advice/fill-text.ts'

/** The facts of a judgement that are the same in every language of its report. */
export interface JudgementSummary {
  /** What is known of the process of each input, in the order of the inputs. */
  readonly origins: readonly ProfileOrigin[]
  /** The most severe one, by impact among equals; `null` where nothing was found. */
  readonly worstFinding: WorstFindingSummary | null
  readonly findingCount: number
}

export function summariseJudgement({ prepared, reported }: Judgement): JudgementSummary {
  return {
    origins: prepared.map(({ origin }) => origin),
    worstFinding: worstOf(reported),
    findingCount: reported.length,
  }
}

function worstOf([worst]: Judgement['reported']): WorstFindingSummary | null {
  if (worst === undefined) return null
  const { verdict } = worst
  const { rule, level, measures, main, subject } = verdict
  // What the profile shows of a finding that metrics decide does not measure it.
  const numbers = verdict.isByMetrics ? undefined : measures.get(main)
  return {
    rule: rule.id,
    level,
    title: fillText(rule.texts.title.en, verdict),
    titleZh: fillText(rule.texts.title.zh, verdict),
    share: numbers?.share ?? null,
    ...(subject.type === 'goroutine' && numbers !== undefined
      ? { goroutineCount: numbers.count }
      : {}),
  }
}
