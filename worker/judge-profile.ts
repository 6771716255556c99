import type { Language, Report } from '../api/index.ts'
import { judge, type RuleSet, tell } from '../diagnosis/index.ts'
import type { Profile } from '../profile/index.ts'
import type { ProfileSource, WorstFinding } from '../store/index.ts'

export interface Judged {
  readonly reports: Readonly<Record<Language, Report>>
  readonly worstFinding: WorstFinding | null
}

/** Judges once and tells it in each language. */
export function judgeProfile(profile: Profile, source: ProfileSource, ruleSet: RuleSet): Judged {
  const { component, type } = source
  const path = source.fileName ?? source.target ?? 'profile'
  const judgement = judge([{ path, profile, component, type }], ruleSet)
  // The report is plain data; on the wire it is the same data under a schema, whose type has no readonly.
  const tellIn = (language: Language): Report =>
    JSON.parse(JSON.stringify(tell(judgement, ruleSet, { language })))
  const reports = { en: tellIn('en'), zh: tellIn('zh') }
  return { reports, worstFinding: worstOf(reports) }
}

/** Findings come most severe first. */
function worstOf({ en, zh }: Judged['reports']): WorstFinding | null {
  const [finding] = en.findings
  if (finding === undefined) return null
  const { rule, level, title, share } = finding
  return { rule, level, title, titleZh: zh.findings[0]?.title ?? null, share }
}
