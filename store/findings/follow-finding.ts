import type { Level } from '../../api/index.ts'
import type { FindingEventKind, FindingTable } from '../schema/finding-schema.ts'
import type { SeenFinding, SeenFindings } from './finding-store.ts'

const RANKS: Readonly<Record<Level, number>> = { info: 0, warning: 1, critical: 2 }
const LEVELS: readonly Level[] = ['info', 'warning', 'critical']

export function rankOfLevel(level: Level): number {
  return RANKS[level]
}

export function levelOfRank(rank: number): Level {
  return LEVELS[rank] ?? 'info'
}

/** The columns of a finding that follow from observations alone. */
export type FollowedFinding = Pick<
  FindingTable,
  | 'level'
  | 'worstLevel'
  | 'seenJson'
  | 'firstSeenAtMs'
  | 'lastSeenAtMs'
  | 'openedAtMs'
  | 'raisedAtMs'
  | 'resolvedAtMs'
  | 'seenCount'
  | 'returnCount'
  | 'openedById'
  | 'latestId'
>

/** A judgement as one finding sees it. */
export interface Observation {
  readonly id: string
  readonly atMs: number
  readonly types: SeenFindings['types']
  /** How many judgements it stands for, all of which say the same. */
  readonly foldCount: number
}

export interface FollowedStep {
  /** `null` before the finding was first seen. */
  readonly state: FollowedFinding | null
  readonly event: { readonly kind: FindingEventKind; readonly level: number } | null
}

/** Whether a sighting is followed: info is worth knowing and no reason to act. */
export function isFollowed({ level }: SeenFinding): boolean {
  return level !== 'info'
}

/** Of a regression one capture may be low by chance. */
const MISSES_OF_REGRESSION = 2

/**
 * The state of a finding after one more observation, which is later than all before it. `missedCount`: how many before it
 * could have shown the finding and did not, since one last did.
 */
export function followFinding(
  state: FollowedFinding | null,
  observation: Observation,
  seen: SeenFinding | null,
  missedCount: number,
): FollowedStep {
  if (seen !== null)
    return state === null ? opened(observation, seen) : again(state, observation, seen)
  if (state === null || state.resolvedAtMs !== null) return { state, event: null }
  if (!couldShow(state, observation)) return { state, event: null }
  if (missedCount + 1 < missesToEnd(state)) return { state, event: null }
  return {
    state: { ...state, resolvedAtMs: observation.atMs },
    event: { kind: 'resolved', level: state.level },
  }
}

/** Whether an observation has profiles of all types that show the finding. */
export function couldShow(
  { seenJson }: Pick<FollowedFinding, 'seenJson'>,
  { types }: Pick<Observation, 'types'>,
): boolean {
  const { needs }: Pick<SeenFinding, 'needs'> = JSON.parse(seenJson)
  return needs.every((type) => types.includes(type))
}

/** How many observations in a row that could show the finding, and do not, resolve it. */
export function missesToEnd({ seenJson }: Pick<FollowedFinding, 'seenJson'>): number {
  const { usual }: Pick<SeenFinding, 'usual'> = JSON.parse(seenJson)
  return usual === undefined ? 1 : MISSES_OF_REGRESSION
}

function opened({ id, atMs, foldCount }: Observation, seen: SeenFinding): FollowedStep {
  if (seen.isFolded) return { state: null, event: null }
  const level = rankOfLevel(seen.level)
  const state = {
    level,
    worstLevel: level,
    seenJson: JSON.stringify(seen),
    firstSeenAtMs: atMs,
    lastSeenAtMs: atMs,
    openedAtMs: atMs,
    raisedAtMs: atMs,
    resolvedAtMs: null,
    seenCount: foldCount,
    returnCount: 0,
    openedById: id,
    latestId: id,
  }
  return { state, event: { kind: 'opened', level } }
}

function again(state: FollowedFinding, observation: Observation, seen: SeenFinding): FollowedStep {
  const { id, atMs, foldCount } = observation
  const level = rankOfLevel(seen.level)
  const isBack = state.resolvedAtMs !== null
  if (isBack && seen.isFolded) return { state, event: null }
  const isRaised = isBack || level > state.worstLevel
  const next = {
    ...state,
    level,
    worstLevel: isRaised ? level : state.worstLevel,
    // A folded one has no numbers of its own.
    seenJson: seen.isFolded ? state.seenJson : JSON.stringify(seen),
    lastSeenAtMs: atMs,
    raisedAtMs: isRaised ? atMs : state.raisedAtMs,
    resolvedAtMs: null,
    seenCount: state.seenCount + foldCount,
    latestId: id,
  }
  if (isBack) {
    const back = { openedAtMs: atMs, openedById: id, returnCount: state.returnCount + 1 }
    return { state: { ...next, ...back }, event: { kind: 'returned', level } }
  }
  if (level === state.level) return { state: next, event: null }
  return { state: next, event: { kind: level > state.level ? 'worse' : 'better', level } }
}
