import type { Generated } from 'kysely'

/** The tables of the history of findings, as migrations/0008-findings.ts and migrations/0026-folded-observations make them. */
export interface FindingSchema {
  readonly findingSubject: FindingSubjectTable
  readonly findingObservation: FindingObservationTable
  readonly findingSighting: FindingSightingTable
  readonly finding: FindingTable
  readonly findingEvent: FindingEventTable
}

/** A process, or the nearest that is known of one: whose findings are followed over time. */
export interface FindingSubjectTable {
  /** Hash of its space and of what identifies it. */
  readonly id: string
  readonly space: string
  readonly cluster: string | null
  readonly component: string | null
  readonly target: string | null
  readonly instance: string | null
  /** Time and id of the latest observation. */
  readonly newestAtMs: number
  readonly newestId: string
  /** Older observations that say the same as the one before were folded into it, up to this time. */
  readonly foldedToMs: Generated<number>
}

/** A judged capture or lone profile of a subject; it outlives the bytes. */
export interface FindingObservationTable {
  /** Of the capture or the profile. */
  readonly id: string
  readonly subjectId: string
  readonly kind: 'capture' | 'profile'
  readonly atMs: number
  /** The ProfileTypes that were judged. */
  readonly typesJson: string
  /** How many observations it stands for: those that were folded into it, and itself. */
  readonly foldCount: Generated<number>
}

/** What an observation found, at level warning or above, or folded into another finding. */
export interface FindingSightingTable {
  readonly observationId: string
  readonly rule: string
  /** Empty for a rule that does not judge each group separately. */
  readonly groupName: string
  /** The SeenFinding. */
  readonly seenJson: string
}

/** A finding of one rule in one subject, over all observations of it. */
export interface FindingTable {
  readonly id: string
  readonly subjectId: string
  readonly rule: string
  readonly groupName: string
  /** Ranks: 1 warning, 2 critical. `level` is the latest one, `worstLevel` of the time since `openedAtMs`. */
  readonly level: number
  readonly worstLevel: number
  /** The latest SeenFinding. */
  readonly seenJson: string
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
  /** When it was found for the first time, or after it had been resolved. */
  readonly openedAtMs: number
  /** When it opened, or later became worse than ever since. */
  readonly raisedAtMs: number
  readonly resolvedAtMs: number | null
  readonly seenCount: number
  readonly returnCount: number
  /** The observations that opened it and that found it last. */
  readonly openedById: string
  readonly latestId: string
  /** Holds while it is not before `raisedAtMs`. */
  readonly acknowledgedAtMs: number | null
  readonly acknowledgedBy: string | null
  readonly note: string | null
  readonly mutedUntilMs: number | null
  readonly mutedBy: string | null
}

export interface FindingEventTable {
  readonly id: string
  readonly findingId: string
  readonly atMs: number
  readonly kind: FindingEventKind
  readonly level: number
  /** What showed it; null for what a person did. */
  readonly observationId: string | null
  /** Who did it; null for what an observation showed, and without accounts. */
  readonly actor: string | null
  readonly note: string | null
  readonly untilMs: number | null
}

export type FindingEventKind =
  | 'opened'
  | 'worse'
  | 'better'
  | 'resolved'
  | 'returned'
  | 'acknowledged'
  | 'muted'
  | 'reopened'
