import type { Language, ProfileType, Report } from '../api/index.ts'
import {
  type Baseline,
  judge,
  type Judgement,
  type JudgementSummary,
  type Levels,
  measuredLevels,
  profileTypeOf,
  type RuleSet,
  summariseJudgement,
  renderReport,
} from '../diagnosis/index.ts'
import type { Profile } from '../profile/index.ts'

/** A report in each language, and the facts that are the same in all. */
export interface Judged extends JudgementSummary {
  readonly reports: Readonly<Record<Language, Report>>
  /** What its CPU profile says of what is normal; null without one, and while the process starts. */
  readonly measured: () => { readonly levels: Levels; readonly version: string | null } | null
}

/** What the uploader stated about a profile; null if not stated. */
export interface NamedSource {
  readonly component: string | null
  readonly type: ProfileType | null
  readonly fileName: string | null
  readonly target: string | null
}

/** Name in the report of a profile without a capture. */
function pathOf({ fileName, target }: NamedSource): string {
  return fileName ?? target ?? 'profile'
}

/** The type of a profile, from its sample types, its stacks and its name; for what is needed before it is judged. */
export function inferTypeOf(profile: Profile, source: NamedSource): ProfileType {
  return profileTypeOf({ path: pathOf(source), profile, type: source.type })
}

/** What is known of the process before the profile. */
export interface ProfileBefore {
  readonly previous?: Profile | null
  readonly baseline?: Baseline | null
}

/** Judges a single profile, or its growth since the same profile of an earlier capture of the process. */
export function judgeProfile(
  profile: Profile,
  source: NamedSource,
  ruleSet: RuleSet,
  { previous = null, baseline = null }: ProfileBefore = {},
): Judged {
  const { component, type } = source
  const input = { path: pathOf(source), profile, previous, baseline, component, type }
  return renderJudgement(judge([input], ruleSet), ruleSet)
}

/** Renders one judgement in each language. */
export function renderJudgement(judgement: Judgement, ruleSet: RuleSet): Judged {
  const reportIn = (language: Language) => renderReport(judgement, ruleSet, { language })
  return {
    ...summariseJudgement(judgement),
    measured: () => measuredLevels(judgement),
    reports: { en: reportIn('en'), zh: reportIn('zh') },
  }
}
