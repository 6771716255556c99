import { Link } from '@tanstack/react-router'
import type { Finding, Report } from '../../api/index.ts'
import { formatCount, formatShare } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { type FindingChange, FindingChanges } from './FindingChanges.tsx'
import type { ComparedSide, Pair } from './use-pair.ts'

interface CompareFindingsProps {
  readonly pair: Pair
  readonly isLocal: boolean
}

/** The findings of both reports, with what is new and what is gone. */
export function CompareFindings({ pair: { before, after }, isLocal }: CompareFindingsProps) {
  const texts = useTexts()
  if (before.report === undefined || after.report === undefined) return null
  const changes = pairFindings(before.report, after.report).flatMap(({ key, first, second }) => {
    const shown = second ?? first
    if (shown === null) return []
    const id = profileWith(shown, second === null ? before : after)
    const title = <UntrustedText text={shown.title} />
    return [
      {
        key,
        status: statusOf(first, second),
        level: shown.level,
        title:
          id === null ? (
            title
          ) : (
            <Link
              to={isLocal ? '/local/$id' : '/profiles/$id'}
              params={{ id }}
              search={{ view: 'flame', finding: shown.rule }}
            >
              {title}
            </Link>
          ),
        detail: [first, second].map((finding) => amountOf(finding, texts)).join(' → '),
      },
    ]
  })
  return <FindingChanges changes={changes} />
}

interface FindingPair {
  readonly key: string
  readonly first: Finding | null
  readonly second: Finding | null
}

/** A rule may find several things: what it judges separately has a group. */
function pairFindings(before: Report, after: Report): readonly FindingPair[] {
  const [first, second] = [before, after].map(
    ({ findings }) => new Map(findings.map((finding) => [keyOf(finding), finding])),
  )
  const keys = new Set([...(second?.keys() ?? []), ...(first?.keys() ?? [])])
  return [...keys].map((key) => ({
    key,
    first: first?.get(key) ?? null,
    second: second?.get(key) ?? null,
  }))
}

function keyOf({ rule, group, profile }: Finding): string {
  return JSON.stringify([rule, group, profile])
}

/** The id of the profile that shows a finding of this side. */
function profileWith(
  { profile: kind }: Finding,
  { profile, capture }: ComparedSide,
): string | null {
  if (capture === null) return profile?.id ?? null
  return capture.parts.find((part) => part.kind === kind)?.profileId ?? null
}

function statusOf(first: Finding | null, second: Finding | null): FindingChange['status'] {
  if (first === null) return 'new'
  return second === null ? 'gone' : 'stays'
}

function amountOf(finding: Finding | null, texts: Texts): string {
  if (finding === null) return '–'
  const { profile, count, share } = finding
  return profile === 'goroutine' ? texts.goroutines(formatCount(count)) : formatShare(share)
}
