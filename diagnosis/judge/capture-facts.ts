import { allRules, type RuleSet } from '../rule/rule-set.ts'
import {
  labelOf,
  type Metrics,
  type MetricsPage,
  NO_METRICS,
  parseMetrics,
  sumOf,
} from './metrics.ts'
import type { DiagnosisInput } from './prepare-input.ts'
import { type LogHit, type LogText, scanLog } from './scan-logs.ts'

/** What was taken from the process beside its profiles, at about the same time. */
export interface CaptureFacts {
  /** Its /metrics page. */
  readonly metrics?: string | null
  /** The same page of an earlier capture. */
  readonly previousMetrics?: string | null
  readonly logs?: readonly LogText[]
}

/** The facts as rules use them. */
export interface ReadFacts {
  readonly metrics: Metrics
  /** By rule id. */
  readonly logHits: ReadonlyMap<string, readonly LogHit[]>
}

export function readFacts(
  { metrics = null, previousMetrics = null, logs = [] }: CaptureFacts,
  inputs: readonly DiagnosisInput[],
  ruleSet: RuleSet,
): ReadFacts {
  const logHits = new Map<string, readonly LogHit[]>()
  for (const { id, texts } of logs.length === 0 ? [] : allRules(ruleSet)) {
    const hits = logs.flatMap((log) => scanLog(log, texts.logs) ?? [])
    if (hits.length > 0) logHits.set(id, hits)
  }
  if (metrics === null) return { metrics: NO_METRICS, logHits }
  return {
    logHits,
    metrics: {
      current: parseMetrics(metrics),
      previous: previousMetrics === null ? null : parseMetrics(previousMetrics),
      secondsBetween: secondsBetween(inputs),
    },
  }
}

/** What the metrics tell of the process that the profile does not. */
export function originInMetrics(page: MetricsPage, timeNs: bigint) {
  const startSeconds = sumOf(page, 'process_start_time_seconds')
  const isTimed = startSeconds !== null && timeNs > 0n
  return {
    kubernetesVersion: releaseOf(labelOf(page, 'kubernetes_build_info', 'git_version')),
    goVersion: labelOf(page, 'go_info', 'version')?.replace(/^go/, '') ?? null,
    uptimeSeconds: isTimed ? Number(timeNs) / 1e9 - startSeconds : null,
  }
}

/** A build from source without tags calls itself v0.0.0-master, which says nothing. */
function releaseOf(version: string | null): string | null {
  return version !== null && /^v?[1-9]\d*\.\d+/.test(version) ? version : null
}

/** Between two captures, by the first profile that both have. */
function secondsBetween(inputs: readonly DiagnosisInput[]): number | null {
  for (const { profile, previous } of inputs) {
    if (previous === undefined || previous === null) continue
    const ns = profile.timeNs - previous.timeNs
    if (previous.timeNs > 0n && ns > 0n) return Number(ns) / 1e9
  }
  return null
}
