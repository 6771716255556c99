import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { Finding, Report } from '../../api/index.ts'
import { formatShare } from '../../profile/index.ts'
import { reportQuery } from '../requests/profile-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ComparePage.module.css'

interface CompareFindingsProps {
  /** Ids of profiles. */
  readonly before: string
  readonly after: string
}

/** The findings of both, with what is new and what is gone. */
export function CompareFindings({ before, after }: CompareFindingsProps) {
  const { texts, language } = useLanguage()
  const first = useQuery(reportQuery({ kind: 'profile', id: before }, language)).data
  const second = useQuery(reportQuery({ kind: 'profile', id: after }, language)).data
  if (first === undefined || second === undefined) return null
  const pairs = pairFindings(first, second)
  return (
    <section>
      <h2 className={classes['heading']}>{texts.compareFindings}</h2>
      {pairs.length === 0 ? (
        <p className="muted">{texts.compareNoFindings}</p>
      ) : (
        <ul className={`card ${classes['findings']}`}>
          {pairs.map((pair) => {
            const shown = pair.after ?? pair.before
            if (shown === null) return null
            return (
              <li key={shown.rule} className={classes['finding']}>
                <span className={classes['status']}>{statusOf(pair, texts)}</span>
                <LevelMark level={shown.level} />
                <Link
                  to="/profiles/$id"
                  params={{ id: pair.after === null ? before : after }}
                  search={{ view: 'flame', finding: shown.rule }}
                >
                  <UntrustedText text={shown.title} />
                </Link>
                <span className="numbers muted">
                  {[pair.before, pair.after].map(shareOf).join(' → ')}
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

interface FindingPair {
  readonly before: Finding | null
  readonly after: Finding | null
}

function pairFindings(before: Report, after: Report): readonly FindingPair[] {
  const rules = new Set([...after.findings, ...before.findings].map(({ rule }) => rule))
  return [...rules].map((rule) => ({ before: find(before, rule), after: find(after, rule) }))
}

function find({ findings }: Report, wanted: string): Finding | null {
  return findings.find(({ rule }) => rule === wanted) ?? null
}

function statusOf({ before, after }: FindingPair, texts: Texts): string {
  if (before === null) return texts.compareFindingNew
  return after === null ? texts.compareFindingGone : texts.compareFindingStays
}

function shareOf(finding: Finding | null): string {
  return finding === null ? '–' : formatShare(finding.share)
}
