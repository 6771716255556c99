import type { Finding, Report } from '../../api/index.ts'
import { compileRules, type Rule, type RuleSet } from '../../diagnosis/index.ts'
import { diagnose } from '../../diagnosis/index.ts'
import { type Profile, profileFromFolded } from '../../profile/index.ts'
import { BUILT_IN_RULES, readRules } from '../../judge/load-rules.ts'

const { words } = await readRules(BUILT_IN_RULES)
const text = { en: 'x', zh: '某' }

/** A rule that says no more than what the test is about. */
export function makeRules(...parts: readonly Readonly<Record<string, unknown>>[]): RuleSet {
  return compileRules({
    words,
    rules: parts.map((part, row) => ({
      file: `${row}.yaml`,
      document: { id: `test.${row}`, title: text, meaning: text, reads: 'cpu', ...part },
    })),
  })
}

export function makeRule(part: Readonly<Record<string, unknown>>): {
  ruleSet: RuleSet
  rule: Rule
} {
  const ruleSet = makeRules(part)
  const [rule] = ruleSet.rules
  if (rule === undefined) throw new Error(JSON.stringify(ruleSet.faults))
  return { ruleSet, rule }
}

/** Ten seconds of a CPU profile; each line ends with ticks of 10 ms. */
export function cpuProfile(folded: string, seconds = 10): Profile {
  const lines = folded
    .split('\n')
    .map((line) => line.replace(/(\d+)\s*$/, (n) => `${n} ${n}0000000`))
  return profileFromFolded(
    lines.join('\n'),
    [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ],
    { durationNs: BigInt(seconds) * 1_000_000_000n },
  )
}

export function reportOn(profile: Profile, ruleSet: RuleSet): Report {
  return diagnose([{ path: 'cpu.pb.gz', profile }], ruleSet, { language: 'en' })
}

export function findingOn(profile: Profile, ruleSet: RuleSet): Finding | null {
  return reportOn(profile, ruleSet).findings[0] ?? null
}
