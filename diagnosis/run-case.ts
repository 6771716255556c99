import {
  decodeTextDump,
  encodeUtf8,
  type Profile,
  profileFromFolded,
  type ValueType,
} from '../profile/index.ts'
import { judgeCombined } from './judge/verdict/judge-combined.ts'
import { judgeRule } from './judge/verdict/judge-rule.ts'
import { prepareInput } from './judge/prepare/prepare-input.ts'
import { type Metrics, type MetricsPage, parseMetrics } from './judge/facts/metrics.ts'
import type { Subject } from './judge/prepare/subject.ts'
import { LEVEL_ORDER } from './judge/verdict/verdict.ts'
import type { Level, ProfileType } from '../api/index.ts'
import type { RuleSet } from './rule/rule-set.ts'
import type { CaseProfile, CombinedRule, Reads, Rule, RuleCase } from './rule/rule.ts'

const TICK_NS = 10_000_000
/** A case may be written as `goroutine?debug=2` prints it. */
const DUMP = /^goroutine \d+ \[/
const HOUR_NS = 3_600_000_000_000n
const BASE_NS = 1_700_000_000_000_000_000n

/** What the numbers at the end of a case's lines are. */
const SAMPLE_TYPES: Readonly<Record<Reads, readonly ValueType[]>> = {
  cpu: [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ],
  goroutine: [{ type: 'goroutine', unit: 'count' }],
  goroutineleak: [{ type: 'goroutineleak', unit: 'count' }],
  block: [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ],
  mutex: [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ],
  inuse_space: [{ type: 'inuse_space', unit: 'bytes' }],
  alloc_space: [{ type: 'alloc_space', unit: 'bytes' }],
  threadcreate: [{ type: 'threadcreate', unit: 'count' }],
}

/** The highest level at which the rule fires on the case's profiles; `null` when it is silent. */
export function runCase(
  rule: Rule | CombinedRule,
  ruleCase: RuleCase,
  ruleSet: RuleSet,
): Level | null {
  const metrics = metricsOf(ruleCase)
  const subjects = ruleCase.profiles.map((profile, row) =>
    subjectOfCase(withComponent(profile, rule), row, ruleSet, metrics),
  )
  const verdicts =
    'parts' in rule
      ? judgeCombined(rule, { subjects, ruleSet })
      : subjects.flatMap((subject) => judgeRule(rule, subject))
  const levels = verdicts.filter(({ isLikely }) => !isLikely).map(({ level }) => level)
  return levels.sort((a, b) => LEVEL_ORDER[b] - LEVEL_ORDER[a]).at(0) ?? null
}

/** A case is of the first component that its rule names, unless it says another. */
function withComponent(profile: CaseProfile, rule: Rule | CombinedRule): CaseProfile {
  const patterns = 'components' in rule ? rule.components : []
  const [named = null] = patterns.filter((pattern) => !/[!*]/.test(pattern))
  return { ...profile, component: profile.component ?? named }
}

function metricsOf({ metrics, metricsBefore, profiles }: RuleCase): Metrics {
  const current = pageOf(metrics)
  const before = pageOf(metricsBefore)
  const seconds = profiles.at(0)?.seconds ?? 0
  return {
    current,
    windows: before.size === 0 ? [] : [{ since: 'capture', page: before, seconds }],
  }
}

function pageOf(metrics: Readonly<Record<string, number>>): MetricsPage {
  const lines = Object.entries(metrics).map(([name, value]) => `${name} ${value}`)
  return parseMetrics(lines.join('\n'))
}

function subjectOfCase(
  profile: CaseProfile,
  row: number,
  ruleSet: RuleSet,
  metrics: Metrics,
): Subject {
  const { component, kubernetesVersion, reads } = profile
  const type = typeOf(reads)
  const { earlier } = profile
  const history = earlier.map((stacks, row) => profileOfCase({ ...profile, stacks }, row))
  const current = profileOfCase(profile, earlier.length)
  const input = { path: reads, profile: current, component, kubernetesVersion, type, history }
  return prepareInput(input, row, ruleSet, { metrics }).subject
}

function typeOf(reads: Reads): ProfileType {
  switch (reads) {
    case 'inuse_space':
    case 'alloc_space':
      return 'heap'
    case 'goroutineleak':
      return 'goroutine'
    default:
      return reads
  }
}

/** Lines of a CPU case end with ticks of 10 ms, those of waits with count and nanoseconds, others with one number. */
export function profileOfCase(
  { reads, seconds, stacks }: Pick<CaseProfile, 'reads' | 'seconds' | 'stacks'>,
  hour = 0,
): Profile {
  const isInterval = seconds > 0 && reads !== 'goroutine' && reads !== 'inuse_space'
  const dump = DUMP.test(stacks) ? decodeTextDump(encodeUtf8(stacks)) : null
  if (dump !== null) return dump
  const durationNs = isInterval ? BigInt(Math.round(seconds * 1e9)) : 0n
  const text = reads === 'cpu' ? stacks.split('\n').map(withNanoseconds).join('\n') : stacks
  return profileFromFolded(text, SAMPLE_TYPES[reads], {
    durationNs,
    timeNs: BASE_NS + BigInt(hour) * HOUR_NS,
  })
}

function withNanoseconds(line: string): string {
  const ticks = /\s(\d+)\s*$/.exec(line)
  return ticks === null ? line : `${line} ${Number(ticks[1]) * TICK_NS}`
}
