import { allRules, type RuleSet } from '../../rule/rule-set.ts'
import { inferProfileType } from '../../../profile/index.ts'
import {
  labelOf,
  type Metrics,
  type MetricsPage,
  type MetricsWindow,
  NO_METRICS,
  parseMetrics,
  sumOf,
} from './metrics.ts'
import type { DiagnosisInput } from './diagnosis-input.ts'
import { parseFlags } from './flags.ts'
import { parseAddress, type ProcessOrigin } from './process-origin.ts'
import { type LogHit, type LogText, scanLog } from './scan-logs.ts'

/** Other data of the process, taken at about the same time as its profiles. */
export interface CaptureFacts {
  /** Its /metrics page; where there is one from before the CPU profile, then the page from after it. */
  readonly metrics?: string | null
  readonly metricsBefore?: string | null
  /** The same page of an earlier capture. */
  readonly previousMetrics?: string | null
  readonly logs?: readonly LogText[]
  /** Its /flagz page: the flags that it runs with. */
  readonly flags?: string | null
  /** Where it was reached: `https://127.0.0.1:10257`, or `host:port` where the scheme is not known. */
  readonly address?: string | null
}

/** The facts as rules use them. */
export interface ReadFacts {
  readonly metrics: Metrics
  /** By rule id. */
  readonly logHits: ReadonlyMap<string, readonly LogHit[]>
  /** By name, without dashes. */
  readonly flags: ReadonlyMap<string, string>
  readonly address: ProcessOrigin | null
}

export function readFacts(
  facts: CaptureFacts,
  inputs: readonly DiagnosisInput[],
  ruleSet: RuleSet,
): ReadFacts {
  const { logs = [] } = facts
  const logHits = new Map<string, readonly LogHit[]>()
  for (const { id, texts } of logs.length === 0 ? [] : allRules(ruleSet)) {
    const hits = logs.flatMap((log) => scanLog(log, texts.logs) ?? [])
    if (hits.length > 0) logHits.set(id, hits)
  }
  const metrics = readMetrics(facts, inputs)
  return {
    logHits,
    metrics,
    flags: parseFlags(facts.flags ?? ''),
    address: parseAddress(facts.address ?? null) ?? addressInMetrics(metrics.current),
  }
}

function readMetrics(facts: CaptureFacts, inputs: readonly DiagnosisInput[]): Metrics {
  const { metricsBefore = null, previousMetrics = null } = facts
  const metrics = facts.metrics ?? metricsBefore
  if (metrics === null) return NO_METRICS
  const windows: MetricsWindow[] = []
  if (metricsBefore !== null && metricsBefore !== metrics) {
    windows.push({
      since: 'capture',
      page: parseMetrics(metricsBefore),
      seconds: cpuSeconds(inputs),
    })
  }
  if (previousMetrics !== null) {
    const seconds = secondsBetween(inputs)
    windows.push({ since: 'previous', page: parseMetrics(previousMetrics), seconds })
  }
  const current = parseMetrics(metrics)
  return { current, windows: windows.filter(({ page }) => isSameProcess(page, current)) }
}

/** The pages before and after are taken around it. */
function cpuSeconds(inputs: readonly DiagnosisInput[]): number | null {
  const cpu = inputs.find(({ profile }) => inferProfileType(profile) === 'cpu')
  return cpu !== undefined && cpu.profile.durationNs > 0n
    ? Number(cpu.profile.durationNs) / 1e9
    : null
}

/** After a restart all counters begin anew. */
function isSameProcess(page: MetricsPage, current: MetricsPage): boolean {
  const [start, currentStart] = [page, current].map((each) =>
    sumOf(each, 'process_start_time_seconds'),
  )
  return start === null || currentStart === null || Math.abs(start - currentStart) < 1
}

const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|localhost):\d+$/

/** A kube-apiserver has a client of itself, whose requests it counts by host. */
function addressInMetrics(page: MetricsPage): ProcessOrigin | null {
  if (!page.has('apiserver_longrunning_requests')) return null
  const requests = page.get('rest_client_requests_total') ?? []
  const hosts = new Set(requests.map(({ labels }) => labels.get('host') ?? ''))
  const [host = '', ...others] = [...hosts].filter((each) => LOOPBACK.test(each))
  return others.length > 0 || host === '' ? null : parseAddress(`https://${host}`)
}

/** Versions and uptime of the process, from its metrics. */
export function originInMetrics(page: MetricsPage, timeNs: bigint) {
  const startSeconds = sumOf(page, 'process_start_time_seconds')
  const isTimed = startSeconds !== null && timeNs > 0n
  return {
    kubernetesVersion: releaseOf(labelOf(page, 'kubernetes_build_info', 'git_version')),
    goVersion: labelOf(page, 'go_info', 'version')?.replace(/^go/, '') ?? null,
    etcdVersion: labelOf(page, 'etcd_server_version', 'server_version'),
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
