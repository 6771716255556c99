import type { Language, ProfileType, Report, WorstFindingSummary } from '../api/index.ts'
import { judge, type Judgement, type RuleSet, tell } from '../diagnosis/index.ts'
import type { Profile } from '../profile/index.ts'

/** A report in each language, and what a list shows of it. */
export interface Judged {
  readonly reports: Readonly<Record<Language, Report>>
  readonly worstFinding: WorstFinding | null
}

/** What a list shows of a report; the Chinese title is null where a rule has none. */
export type WorstFinding = Omit<WorstFindingSummary, 'titleZh'> & {
  readonly titleZh: string | null
}

/** What its uploader said of a profile; null where nothing was said. */
export interface ProfileSource {
  readonly component: string | null
  readonly type: ProfileType | null
  readonly fileName: string | null
  readonly target: string | null
}

/** Judges a profile by itself, or by its growth since the same profile of an earlier capture of the process. */
export function judgeProfile(
  profile: Profile,
  source: ProfileSource,
  ruleSet: RuleSet,
  previous: Profile | null = null,
): Judged {
  const { component, type } = source
  const path = source.fileName ?? source.target ?? 'profile'
  return renderJudgement(judge([{ path, profile, previous, component, type }], ruleSet), ruleSet)
}

/** Tells one judgement in each language. */
export function renderJudgement(judgement: Judgement, ruleSet: RuleSet): Judged {
  // The report is plain data; on the wire it is the same data under a schema, whose type has no readonly.
  const renderIn = (language: Language): Report =>
    JSON.parse(JSON.stringify(tell(judgement, ruleSet, { language })))
  const reports = { en: renderIn('en'), zh: renderIn('zh') }
  return { reports, worstFinding: worstOf(reports) }
}

/** Findings come most severe first. */
function worstOf({ en, zh }: Judged['reports']): WorstFinding | null {
  const [finding] = en.findings
  if (finding === undefined) return null
  const { rule, level, title, share } = finding
  return { rule, level, title, titleZh: zh.findings[0]?.title ?? null, share }
}
