import { expect, test } from 'vitest'
import { judgeCaptures } from '../../../bench/reports/labelled-captures.ts'
import { loadRules } from '../../../judge/index.ts'

const { ruleSet } = await loadRules()
const judged = ['first-sight-11', 'first-sight-17'].flatMap((folder) =>
  judgeCaptures(`test/fixtures/${folder}`, ruleSet),
)

/** What a finding of a capture advises, and where it sends the reader. */
function saidOf(name: string, rule: string): string {
  const found = judged.find(({ capture }) => capture.name === name)
  const findings = (found?.findings ?? []).filter((finding) => finding.rule === rule)
  return JSON.stringify(findings.map(({ remedy, next, evidence }) => ({ remedy, next, evidence })))
}

test.each([
  ['kubelet127-cut-off-from-its-server', 'client.reflector-retry', /Nothing answers/, /forbidden/],
  [
    'kcm127-kinds-whose-converter-is-gone',
    'client.reflector-retry',
    /conversion webhook/,
    /auth can-i|in the same minute|are normal/,
  ],
  [
    'kcm127-kinds-whose-converter-is-gone',
    'kcm.garbage-collector-stopped',
    /make them listable/,
    /raise/,
  ],
  [
    'operator27-hashes-of-lists-in-any-order',
    'client.throttled',
    /Its own updates start it again.*sort that first/,
    /raise the limit|Writes are|log line/,
  ],
  // Its reconciles ask to come again after a time.
  [
    'operator31-annotates-at-10-qps',
    'client.throttled',
    /Where its own updates start it again/,
    /Its own updates/,
  ],
  ['operator27-each-sync-its-own-series', 'runtime.metric-series', /DeleteLabelValues/, /Upgrade/],
])('%s: %s advises by the answers and counts of its page', (name, rule, told, not) => {
  expect(saidOf(name, rule)).toMatch(told)
  expect(saidOf(name, rule)).not.toMatch(not)
})
