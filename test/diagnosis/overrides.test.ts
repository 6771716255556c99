import { expect, test } from 'vitest'
import { compileRules, diagnose, type RuleSet } from '../../diagnosis/index.ts'
import { BUILT_IN_RULES, readRules } from '../../judge/load-rules.ts'
import { cpuProfile } from './make-rule.ts'

const { words } = await readRules(BUILT_IN_RULES)
const text = { en: 'x', zh: '某' }
const OF_DAY_NS = BigInt(Date.UTC(2026, 10, 21)) * 1_000_000n

function rulesWith(...overrides: readonly object[]): RuleSet {
  const rule = { title: text, meaning: text, reads: 'cpu', levels: { critical: 'lo > 0' } }
  return compileRules({
    words,
    rules: [
      { file: 'a.yaml', document: { ...rule, id: 'own.hot', where: { any: ['hot'] } } },
      { file: 'b.yaml', document: { ...rule, id: 'own.cold', where: { any: ['cold'] } } },
    ],
    overrides: [{ file: 'overrides.yaml', document: { overrides } }],
  })
}

function judged(ruleSet: RuleSet, component = 'etcd') {
  const profile = { ...cpuProfile('hot 300\ncold 300'), timeNs: OF_DAY_NS }
  const { findings, notes } = diagnose([{ path: '-', profile, component }], ruleSet, {
    language: 'en',
  })
  return {
    levels: findings.map(({ rule, level }) => `${rule} ${level}`).sort(),
    notes: notes.filter(({ code }) => code === 'overridden').map((note) => note.text),
  }
}

test('a muted rule is silent, and the report says so and why', () => {
  const { levels, notes } = judged(
    rulesWith({ rule: 'own.hot', mute: true, reason: 'known', until: '2026-12-31' }),
  )
  expect(levels).toEqual(['own.cold critical'])
  expect(notes).toEqual([
    'own.hot found something of level critical and is muted until 2026-12-31 by the overrides of this installation: known',
  ])
})

test('a family may be kept at a level', () => {
  const { levels } = judged(rulesWith({ rule: 'own.*', atMost: 'info', reason: 'known' }))
  expect(levels).toEqual(['own.cold info', 'own.hot info'])
})

test('an override ends with its day, and is of its components alone', () => {
  const all = ['own.cold critical', 'own.hot critical']
  const mute = { rule: 'own.*', mute: true, reason: 'known' }
  expect(judged(rulesWith({ ...mute, until: '2026-11-21' })).levels).toEqual(all)
  expect(judged(rulesWith({ ...mute, components: ['kubelet'] })).levels).toEqual(all)
  expect(judged(rulesWith({ ...mute, components: ['kubelet'] }), 'kubelet').levels).toEqual([])
})

test.each([
  [{ rule: 'own.hto', mute: true, reason: 'x' }, /there is no rule "own\.hto"/],
  [{ rule: 'own.hot', reason: 'x' }, /must say either/],
  [{ rule: 'own.hot', mute: true }, /is missing/],
  [{ rule: 'own.hot', mute: true, reason: 'x', until: 'soon' }, /must be a day/],
])('the fault in %j is reported', (override, message) => {
  const { faults, overrides } = rulesWith(override)
  expect(faults.map((fault) => fault.message).join()).toMatch(message)
  expect(faults.map(({ file }) => file)).toEqual(['overrides.yaml'])
  expect(overrides.length).toBeLessThanOrEqual(1)
})
