import type { FindingState, Language, Level, ProfileType, UsualCores } from '../../api/index.ts'
import type { Page, PageRequest } from '../page.ts'
import type { FindingEventKind } from '../schema/finding-schema.ts'

/** What a judgement says of one finding, as it is kept to follow it. */
export interface SeenFinding {
  readonly rule: string
  readonly group: string | null
  readonly level: Level
  /** Folded into another finding of the same cause: such a one keeps a row open, and opens none. */
  readonly isFolded: boolean
  readonly title: Readonly<Record<Language, string>>
  readonly profile: ProfileType
  /** A judgement of profiles of all these types that lacks the finding resolves it. */
  readonly needs: readonly ProfileType[]
  readonly value: number
  readonly unit: string
  readonly share: number
  readonly cores: number | null
  readonly count: number
  readonly frames: readonly string[]
  /** The profile that shows it best; null if unknown. */
  readonly profileId: string | null
  /** What was normal before, of a regression. */
  readonly usual?: UsualCores
}

/** What a capture or lone profile was judged by, and what was found. */
export interface SeenFindings {
  readonly types: readonly ProfileType[]
  readonly findings: readonly SeenFinding[]
}

/** Where a finding was seen: a capture, or a profile without one. */
export interface FindingPlace {
  readonly captureId: string | null
  readonly profileId: string | null
  readonly atMs: number
}

/** A finding of one rule in one process, over all its captures. */
export interface StoredFinding extends Omit<SeenFinding, 'isFolded' | 'needs' | 'profileId'> {
  readonly id: string
  readonly space: string
  readonly state: FindingState
  /** Since it opened. */
  readonly worstLevel: Level
  readonly cluster: string | null
  readonly component: string | null
  readonly target: string | null
  readonly instance: string | null
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
  readonly openedAtMs: number
  readonly resolvedAtMs: number | null
  readonly seenCount: number
  readonly returnCount: number
  readonly openedBy: FindingPlace
  readonly latest: FindingPlace
  readonly acknowledgedAtMs: number | null
  readonly acknowledgedBy: string | null
  readonly note: string | null
  readonly mutedUntilMs: number | null
  readonly mutedBy: string | null
}

export interface StoredFindingEvent {
  readonly atMs: number
  readonly kind: FindingEventKind
  readonly level: Level
  readonly captureId: string | null
  readonly profileId: string | null
  readonly actor: string | null
  readonly note: string | null
  readonly untilMs: number | null
}

/** What one judgement of the process said of a finding; `null` where it was not found. */
export interface FindingPoint {
  readonly place: FindingPlace
  readonly seen: SeenFinding | null
}

/** What lists can be narrowed to. */
export const FINDING_FACETS = ['state', 'level', 'rule', 'cluster', 'component', 'target'] as const
export type FindingFacet = (typeof FINDING_FACETS)[number]

/** A row has one of the values of each filter given; '' stands for rows without one. */
export interface FindingFilter {
  readonly space?: string
  readonly state?: readonly FindingState[]
  readonly level?: readonly Level[]
  readonly rule?: readonly string[]
  readonly cluster?: readonly string[]
  readonly component?: readonly string[]
  readonly target?: readonly string[]
  readonly instance?: readonly string[]
  /** Opened, or opened again, from this time on. */
  readonly sinceMs?: number
}

export interface FacetCount {
  readonly value: string | null
  readonly count: number
}

/** What a person does with a finding; `actor` is null without accounts. */
export type FindingAction = { readonly actor: string | null; readonly note: string | null } & (
  | { readonly kind: 'acknowledged' | 'reopened' }
  | { readonly kind: 'muted'; readonly untilMs: number }
)

/**
 * The history of findings. Rows follow from the judgements of captures and of profiles with a declared target or
 * component, in the order in which they were taken: late, repeated and deleted ones give the same rows as if all had
 * come in order. Throws DATABASE_UNAVAILABLE.
 */
export interface FindingStore {
  /** The worst first, then the last seen. Throws REQUEST_INVALID for an invalid cursor. */
  list(filter: FindingFilter, page: PageRequest): Promise<Page<StoredFinding>>
  /** For each facet, the counts of what matches all other filters; most first. */
  facets(filter: FindingFilter): Promise<Readonly<Record<FindingFacet, readonly FacetCount[]>>>
  /** `null` for an unknown id. */
  find(id: string): Promise<StoredFinding | null>
  /** Newest first. */
  listEvents(id: string): Promise<readonly StoredFindingEvent[]>
  /** The newest judgements that could show it, at most `limit`, oldest first; none for an unknown id. */
  trend(id: string, limit: number): Promise<readonly FindingPoint[]>
  /** Returns `resolved` when it was resolved, `null` for an unknown id; else the changed row. */
  act(id: string, action: FindingAction): Promise<StoredFinding | 'resolved' | null>
}
