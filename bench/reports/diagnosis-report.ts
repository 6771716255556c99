import { allRules, type RuleSet } from '../../diagnosis/index.ts'
import { pageOfRule } from '../../judge/index.ts'
import { type FirstSight, firstSightLines } from './first-sight.ts'
import { expectedOf, type JudgedCapture } from './labelled-captures.ts'

/** docs/diagnosis-report.md: how good the diagnosis is on captures of which the truth is known. */
export function diagnosisReport(
  judged: readonly JudgedCapture[],
  ruleSet: RuleSet,
  firstSight: readonly FirstSight[] = [],
): string {
  const met = rulesMet(judged)
  const unmet = allRules(ruleSet).filter(({ id }) => !met.has(id))
  return [
    '# How good the diagnosis is',
    '',
    'Made by `npm run diagnosis-report` over the labelled captures in [`test/fixtures/captures`](../test/fixtures/README.md);',
    'a test holds it to them. `npm run diagnosis-report -- DIR` prints the same for a folder of your own captures. Only the',
    'profiles are given, with metrics and earlier captures where they are there; which component they are of is inferred.',
    '',
    'The thresholds were set with captures like these in view: the figures show that nothing broke, not how well the rules do',
    'on clusters that they were not tuned to.',
    '',
    ...summaryLines(judged, ruleSet, unmet.length),
    ...firstSight.flatMap((set) => [...firstSightLines(set), ...captureTable(set.judged)]),
    '## By capture',
    '',
    ...captureTable(judged),
    '## By rule',
    '',
    '*labelled*: captures that must show it, and those of them in which it is found. *real*: captures in which it fires at',
    'any level, or is folded into another finding. *cases*: small profiles in the rule’s own file in which it must fire, and near',
    'misses in which it must stay silent; `npm test` runs all of them.',
    '',
    '| rule | labelled | found | real | fires in cases | silent in cases |',
    '|---|---|---|---|---|---|',
    ...allRules(ruleSet).map(({ id, texts }) => {
      const labelled = judged
        .flatMap(({ capture }) => expectedOf(capture))
        .filter(ofRule(id)).length
      const missed = judged.flatMap(({ missed }) => missed).filter(ofRule(id)).length
      const firing = texts.cases.filter(({ fires }) => fires !== null).length
      const numbers = [
        labelled,
        labelled - missed,
        met.get(id) ?? 0,
        firing,
        texts.cases.length - firing,
      ]
      return `| [${id}](rules/${pageOfRule(id)}.md) | ${numbers.join(' | ')} |`
    }),
    '',
    '## Never seen in a real capture',
    '',
    `${unmet.length} rules have only their cases, and thresholds by judgement:`,
    '',
    ...unmet.map(({ id }) => `- [${id}](rules/${pageOfRule(id)}.md)`),
    '',
  ].join('\n')
}

function summaryLines(judged: readonly JudgedCapture[], ruleSet: RuleSet, unmetCount: number) {
  const expected = judged.flatMap(({ capture }) => expectedOf(capture)).length
  const missed = judged.flatMap(({ missed }) => missed).length
  const alarms = judged.flatMap(({ falseAlarms }) => falseAlarms).length
  const quiet = judged.filter(({ capture }) => capture.quiet).length
  const total = allRules(ruleSet).length
  return [
    '| | |',
    '|---|---|',
    `| captures | ${judged.length}, ${quiet} of them of a healthy process |`,
    `| recall: findings that must be there and are | ${expected - missed} of ${expected} |`,
    `| false alarms: findings that must not be there | ${alarms} |`,
    `| rules that fire in a real capture | ${total - unmetCount} of ${total} |`,
    '',
  ]
}

function captureTable(judged: readonly JudgedCapture[]): readonly string[] {
  return [
    '| capture | of | what was done | must be found | found at warning or above |',
    '|---|---|---|---|---|',
    ...judged.map(captureLine),
    '',
  ]
}

function captureLine({ capture, findings, missed, falseAlarms }: JudgedCapture): string {
  const { name, component, version, scenario, forbid, quiet } = capture
  const must = [
    ...expectedOf(capture).map((expected) => {
      const mark = missed.includes(expected) ? ' **missed**' : ''
      return `${expected.rule} (${expected.level}, ${expected.profile})${mark}`
    }),
    ...forbid.map((id) => `not ${id}`),
    ...(quiet ? ['nothing'] : []),
  ]
  const found = findings
    .filter(({ level }) => level !== 'info')
    .map((finding) => {
      const mark = falseAlarms.includes(finding) ? ' **false alarm**' : ''
      return `${finding.rule} (${finding.level}, ${finding.profile})${mark}`
    })
  return `| ${[name, `${component} ${version}`, scenario, must.join('<br>'), found.join('<br>')].join(' | ')} |`
}

/** Number of captures in which each rule fires, including folded findings. */
function rulesMet(judged: readonly JudgedCapture[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { findings } of judged) {
    const ids = new Set(findings.flatMap(({ rule, also }) => [rule, ...also.map((a) => a.rule)]))
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

function ofRule(id: string) {
  return ({ rule }: { readonly rule: string }) => rule === id
}
