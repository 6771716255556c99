import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { diagnosisReport } from '../../bench/reports/diagnosis-report.ts'
import { readFirstSight } from '../../bench/reports/first-sight.ts'
import { judgeCaptures } from '../../bench/reports/labelled-captures.ts'
import { loadRules } from '../../judge/load-rules.ts'

const { ruleSet } = await loadRules()
const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const judged = judgeCaptures(`${fixtures}captures/`, ruleSet)
const firstSight = readFirstSight(fixtures, ruleSet)

test.each(judged)('$capture.name: all that is wrong is found, and nothing else', (capture) => {
  expect(capture.missed).toEqual([])
  const alarms = capture.falseAlarms.map(({ rule, level }) => `${level} ${rule}`)
  expect(alarms).toEqual([])
})

const seenOnce = firstSight.flatMap(({ judged, atFirst }) =>
  judged.map((capture) => ({ ...capture, open: atFirst.open })),
)

test.each(seenOnce)('$capture.name: as at first sight or better', (judgedCapture) => {
  const { capture, missed, falseAlarms, open } = judgedCapture
  const faults = [...missed, ...falseAlarms].map(({ rule }) => `${capture.name}: ${rule}`)
  expect(open).toEqual(expect.arrayContaining(faults))
})

test.each([...judged, ...seenOnce])(
  '$capture.name: no part is more than the whole',
  ({ findings }) => {
    const shares = findings.flatMap(({ rule, evidence }) =>
      evidence.flatMap(({ text }) => {
        const share = /: ([\d,]+)% of it$/.exec(text)?.[1]
        return share === undefined
          ? []
          : [{ rule, text, percent: Number(share.replaceAll(',', '')) }]
      }),
    )
    expect(shares.filter(({ percent }) => percent > 100)).toEqual([])
  },
)

test('each finding says what to do', () => {
  const silent = [...judged, ...seenOnce].flatMap(({ capture, findings }) =>
    findings
      .filter(({ remedy }) => remedy.length === 0)
      .map(({ rule }) => `${capture.name}: ${rule}`),
  )
  expect(silent).toEqual([])
})

test('docs/diagnosis-report.md is what the rules find; if not, run `npm run diagnosis-report`', () => {
  const page = readFileSync(new URL('../../docs/diagnosis-report.md', import.meta.url), 'utf8')
  expect(page).toBe(diagnosisReport(judged, ruleSet, firstSight))
})
