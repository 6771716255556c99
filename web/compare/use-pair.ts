import { useQuery } from '@tanstack/react-query'
import type { CaptureSummary, ProfileSummary, Report } from '../../api/index.ts'
import { useLocalFiles } from '../local-profiles/local-profiles.ts'
import { captureQuery, captureReportQuery } from '../requests/capture-queries.ts'
import { profileQuery, reportQuery } from '../requests/profile-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'

/** Which two are compared. */
export interface PairChoice {
  /** Ids of profiles, or of captures. */
  readonly a: string
  readonly b: string
  readonly isCaptures: boolean
  /** Whether the two are in this browser alone. */
  readonly isLocal: boolean
  /** Of captures, the kind of profile to compare; `''` for the first that both have. */
  readonly kind: string
}

export interface Pair {
  /** The kinds of profiles that both captures have, those that say most first; empty for profiles. */
  readonly kinds: readonly string[]
  readonly kind: string
  readonly before: ComparedSide
  readonly after: ComparedSide
  /** Whether the two captures have no profile of the same kind. */
  readonly isUnlike: boolean
}

/** A profile, or the profile of a capture that both captures have. */
export interface ComparedSide {
  readonly profile: ProfileSummary | undefined
  /** The capture that is compared; `null` where the profile alone is. */
  readonly capture: CaptureSummary | null
  /** Of the capture, or of the profile. */
  readonly report: Report | undefined
  readonly error: Error | null
  /** Asks again for what could not be loaded. */
  readonly retry: () => void
}

export function usePair(choice: PairChoice): Pair {
  const first = useCapture(choice.a, choice)
  const second = useCapture(choice.b, choice)
  const kinds = commonKinds(first.capture, second.capture)
  const kind = kinds.find((known) => known === choice.kind) ?? kinds[0] ?? ''
  return {
    kinds,
    kind,
    before: useSide(choice.a, first, { kind, choice }),
    after: useSide(choice.b, second, { kind, choice }),
    isUnlike: Boolean(first.capture) && Boolean(second.capture) && kinds.length === 0,
  }
}

interface FoundCapture {
  /** Undefined until it is loaded; `null` where ids are of profiles. */
  readonly capture: CaptureSummary | null | undefined
  readonly error: Error | null
  readonly retry: () => void
}

function useCapture(id: string, { isCaptures, isLocal }: PairChoice): FoundCapture {
  const local = useLocalFiles().captures.find(({ summary }) => summary.id === id)
  const { data, error, refetch } = useQuery({
    ...captureQuery(id),
    enabled: isCaptures && !isLocal,
  })
  const retry = () => void refetch()
  if (!isCaptures) return { capture: null, error: null, retry }
  return isLocal ? { capture: local?.summary, error: null, retry } : { capture: data, error, retry }
}

const KINDS = ['cpu', 'heap', 'allocs', 'goroutine', 'mutex', 'block', 'threadcreate'] as const

function commonKinds(
  ...captures: readonly (CaptureSummary | null | undefined)[]
): readonly string[] {
  return KINDS.filter((kind) =>
    captures.every((capture) =>
      capture?.parts.some((part) => part.kind === kind && part.profileId !== null),
    ),
  )
}

interface SideOptions {
  readonly kind: string
  readonly choice: PairChoice
}

function useSide(
  id: string,
  { capture, error, retry }: FoundCapture,
  { kind, choice: { isLocal } }: SideOptions,
): ComparedSide {
  const part = capture?.parts.find((one) => one.kind === kind)
  const profileId = capture === null ? id : (part?.profileId ?? '')
  const local = useLocalFiles().profiles.find(({ summary }) => summary.id === profileId)
  const stored = useQuery({ ...profileQuery(profileId), enabled: !isLocal && profileId !== '' })
  return {
    profile: isLocal ? local?.summary : stored.data,
    capture: capture ?? null,
    report: useReport(id, capture, isLocal),
    error: error ?? stored.error,
    retry: error === null ? () => void stored.refetch() : retry,
  }
}

function useReport(
  id: string,
  capture: CaptureSummary | null | undefined,
  isLocal: boolean,
): Report | undefined {
  const { language } = useLanguage()
  const local = useLocalFiles()
  const ofCapture = useQuery({
    ...captureReportQuery(id, language),
    enabled: !isLocal && capture?.reportStatus === 'ready',
  })
  const ofProfile = useQuery({
    ...reportQuery({ kind: 'profile', id }, language),
    enabled: !isLocal && capture === null,
  })
  if (!isLocal) return capture === null ? ofProfile.data : ofCapture.data
  const files = capture === null ? local.profiles : local.captures
  return files.find(({ summary }) => summary.id === id)?.reports[language]
}
