import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { diagnosisReport } from '../../bench/diagnosis-report.ts'
import { judgeCaptures } from '../../bench/labelled-captures.ts'
import { loadRules } from '../../judge/load-rules.ts'

const { ruleSet } = await loadRules()
const captures = fileURLToPath(new URL('../fixtures/captures/', import.meta.url))
const judged = judgeCaptures(captures, ruleSet)

test.each(judged)('$capture.name: all that is wrong is found, and nothing else', (capture) => {
  expect(capture.missed).toEqual([])
  const alarms = capture.falseAlarms.map(({ rule, level }) => `${level} ${rule}`)
  expect(alarms).toEqual([])
})

test('docs/diagnosis-report.md is what the rules find; if not, run `npm run diagnosis-report`', () => {
  const page = readFileSync(new URL('../../docs/diagnosis-report.md', import.meta.url), 'utf8')
  expect(page).toBe(diagnosisReport(judged, ruleSet))
})
