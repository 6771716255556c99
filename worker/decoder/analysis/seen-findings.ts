import type { Finding, FoldedFinding, Language, ProfileType, Report } from '../../../api/index.ts'
import type { RuleSet } from '../../../diagnosis/index.ts'
import type { SeenFinding, SeenFindings } from '../../../store/index.ts'

const FRAMES_MAX = 8

/** What the history of findings keeps of a report. `profileOf` gives the profile of an input, by its path. */
export function seenFindings(
  reports: Readonly<Record<Language, Report>>,
  ruleSet: Pick<RuleSet, 'combined'>,
  profileOf: (path: string) => string | null,
): SeenFindings {
  const { inputs, findings } = reports.en
  const types = [...new Set(inputs.map(({ type }) => type))].toSorted()
  const combined = new Set(ruleSet.combined.map(({ id }) => id))
  // A combined rule may have read any of the types that were there.
  const needsOf = ({ rule, profile }: FoldedFinding): readonly ProfileType[] =>
    combined.has(rule) ? types : [profile]
  const seen = findings.flatMap((finding, row): readonly SeenFinding[] => {
    const zh = reports.zh.findings[row]
    const { value, unit, frames, usual } = finding
    const profileId = profileOf(inputs[finding.input]?.path ?? '')
    const own = { value, unit, profileId, frames: frames.slice(0, FRAMES_MAX), isFolded: false }
    const folded = { value: 0, unit, profileId, frames: [], isFolded: true }
    return [
      {
        ...common(finding, zh),
        ...own,
        needs: needsOf(finding),
        ...(usual === undefined ? {} : { usual }),
      },
      ...finding.also.map((also, place) => {
        return { ...common(also, zh?.also[place]), ...folded, needs: needsOf(also) }
      }),
    ]
  })
  return { types, findings: seen }
}

function common(en: Finding | FoldedFinding, zh: { readonly title: string } | undefined) {
  const { rule, group, level, title, profile, share, cores, count } = en
  return {
    rule,
    group,
    level,
    title: { en: title, zh: zh?.title ?? title },
    profile,
    share,
    cores,
    count,
  }
}
