import type { FindingSummary, ProcessSummary } from '../../api/index.ts'

/** What is known of the processes of one component in one cluster. */
export interface FleetGroup {
  /** `null` for processes of no named cluster. */
  readonly cluster: string | null
  /** `null` where it is unknown. */
  readonly component: string | null
  /** Open, the worst first. */
  readonly findings: readonly FindingSummary[]
  readonly processes: readonly ProcessSummary[]
  /** The targets that captures or findings name. */
  readonly targets: readonly string[]
  readonly lastCaptureAt: string | null
  /** Whether any process was captured successfully, or any upload judged. */
  readonly isJudged: boolean
}

export interface FleetCluster {
  readonly name: string | null
  /** The worst first. */
  readonly groups: readonly FleetGroup[]
}

const RANKS = { info: 1, warning: 2, critical: 3 } as const

/** Clusters and their components, those with the worst open findings first. `findings` are open, the worst first. */
export function fleetOf(
  findings: readonly FindingSummary[],
  processes: readonly ProcessSummary[],
): readonly FleetCluster[] {
  const living = processes.filter(({ state }) => state !== 'gone')
  const keys = new Map<string, Pick<FleetGroup, 'cluster' | 'component'>>()
  for (const { cluster, component } of [...findings, ...living]) {
    keys.set(keyOf({ cluster, component }), { cluster, component })
  }
  const findingsOf = Map.groupBy(findings, keyOf)
  const processesOf = Map.groupBy(living, keyOf)
  const groups = [...keys].map(([key, place]) =>
    groupOf(place, findingsOf.get(key) ?? [], processesOf.get(key) ?? []),
  )
  const clusters = [...Map.groupBy(groups, ({ cluster }) => cluster)]
  return clusters
    .map(([name, members]) => ({ name, groups: members.toSorted(byWorst) }))
    .toSorted((a, b) => compareFirst(a.groups, b.groups) || compareText(a.name, b.name))
}

function groupOf(
  place: Pick<FleetGroup, 'cluster' | 'component'>,
  findings: readonly FindingSummary[],
  processes: readonly ProcessSummary[],
): FleetGroup {
  const targets = [...findings, ...processes].flatMap(({ target }) => target ?? [])
  const times = [
    ...processes.flatMap(({ lastCapture }) => lastCapture?.at ?? []),
    ...findings.map(({ lastSeenAt }) => lastSeenAt),
  ]
  return {
    ...place,
    findings,
    processes,
    targets: [...new Set(targets)].toSorted(),
    lastCaptureAt: times.toSorted().at(-1) ?? null,
    isJudged: findings.length > 0 || processes.some(({ lastSuccessAt }) => lastSuccessAt !== null),
  }
}

/** The rank of the worst open finding; processes that cannot be captured come before quiet ones. */
function rankOf({ findings: [worst], processes }: FleetGroup): number {
  if (worst !== undefined) return RANKS[worst.level]
  return processes.some(({ state }) => state === 'failing' || state === 'troubled') ? 0.5 : 0
}

function byWorst(a: FleetGroup, b: FleetGroup): number {
  return (
    rankOf(b) - rankOf(a) ||
    b.findings.length - a.findings.length ||
    compareText(a.component, b.component)
  )
}

function compareFirst([a]: readonly FleetGroup[], [b]: readonly FleetGroup[]): number {
  return a === undefined || b === undefined ? 0 : rankOf(b) - rankOf(a)
}

/** Those without a name come last. */
function compareText(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  return a < b ? -1 : 1
}

function keyOf({ cluster, component }: Pick<FleetGroup, 'cluster' | 'component'>): string {
  return JSON.stringify([cluster, component])
}
