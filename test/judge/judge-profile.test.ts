import { expect, test } from 'vitest'
import { inferTypeOf, judgeProfile } from '../../judge/judge-profile.ts'
import { loadRules } from '../../judge/load-rules.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'
import { profileFromFolded } from '../../profile/index.ts'

const { ruleSet } = await loadRules()
const NO_SOURCE = { component: null, type: null, fileName: null, target: null }

const contention = profileFromFolded('main.serve; main.work 5 5000000000', [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
])

test('the name of a file decides between blocking and mutexes where the stacks do not', () => {
  expect(inferTypeOf(contention, NO_SOURCE)).toBe('unknown')
  expect(inferTypeOf(contention, { ...NO_SOURCE, fileName: 'mutex.pb.gz' })).toBe('mutex')
  const { reports } = judgeProfile(contention, { ...NO_SOURCE, fileName: 'block.pb.gz' }, ruleSet)
  expect(reports.en.inputs[0]?.type).toBe('block')
})

test('a judgement without findings has no worst one', () => {
  const quiet = cpuProfile('main.main; main.work 1')
  const { worstFinding, findingCount, reports } = judgeProfile(quiet, NO_SOURCE, ruleSet)
  expect(reports.zh.findings).toEqual([])
  expect({ worstFinding, findingCount }).toEqual({ worstFinding: null, findingCount: 0 })
})
