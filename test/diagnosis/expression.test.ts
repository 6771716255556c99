import { describe, expect, test } from 'vitest'
import { cpuProfile, findingOn, makeRules } from './make-rule.ts'

/** Whether a rule fires with this condition on 300 of 1,000 samples in 10 s, all in Go 1.22 or later. */
function holds(condition: string): boolean {
  const rules = makeRules({
    measures: { hit: { where: { any: ['a'] } }, part: { where: { any: ['a // b'] } } },
    levels: { info: condition },
  })
  expect(rules.faults).toEqual([])
  return (
    findingOn(cpuProfile('a 200\na; b 100\nc; runtime.gcDrainMarkWorkerIdle 700'), rules) !== null
  )
}

test.each([
  ['share == 0.3', true],
  ['lo < 0.3 and hi > 0.3', true],
  ['lo > 0.25 and lo < 0.27', true],
  ['cores == 0.3', true],
  ['count == 300 and samples == 300', true],
  ['value == 3s', true],
  ['value >= 3001ms', false],
  ['mean == 10ms', true],
  ['share > 29%', true],
  ['part.share == 0.1', true],
  ['part.of > 0.33 and part.of < 0.34', true],
  ['part.count + 200 == hit.count', true],
  ['total.samples == 1000', true],
  ['1 + 2 * 3 == 7', true],
  ['(1 + 2) * 3 == 9', true],
  ['-1 < 0', true],
  ['not share > 0.5', true],
  ['share > 0.5 or part.share > 0', true],
  ['share > 0.5 and part.share > 0', false],
  ['(share > 0.5 ? 1 : 2) == 2', true],
  ['max(share, 0.9) == 0.9 and min(share, 0.9) == 0.3', true],
  ['1 / 0 == 0', true],
  ['go >= 1.22', true],
  ['go < 1.22', false],
  ['go < 1.30', false],
])('%s: %s', (condition, expected) => {
  expect(holds(condition)).toBe(expected)
})

describe('an invalid expression is reported with its place', () => {
  test.each([
    ['share >', /a number or a name is due/],
    ['share > 0.1)', /nothing more is due/],
    ['share > 5apples', /unknown unit/],
    ['share & 1', /cannot be read/],
    ['nope > 1', /"nope" is not a number of a measure/],
    ['nope.share > 1', /no measure "nope"/],
    ['constructor > 1', /not a number of a measure/],
    ['('.repeat(60), /nested too deep/],
    ['1 +'.repeat(500), /longer than 1000/],
  ])('%s', (condition, message) => {
    const { faults } = makeRules({ where: { any: ['a'] }, levels: { info: condition } })
    expect(faults).toEqual([
      { file: '0.yaml', path: ['levels', 'info'], message: expect.stringMatching(message) },
    ])
  })
})
