// `npm run remedies-report [-- COMPONENT]`: prints what each rule may advise, by component and release; fails on faults.
import { readMetricInventory } from '../cli/rules/read-inventory.ts'
import { loadRules } from '../judge/index.ts'
import { remediesFaults, remediesRows } from './remedies-report.ts'

const [, , wanted] = process.argv
const { ruleSet } = await loadRules()
for (const { rule, component, from, to, remarks, remedy, next } of remediesRows(ruleSet)) {
  if (wanted !== undefined && wanted !== component) continue
  const lines = [
    `## ${rule}, ${component} ${from === to ? from : `${from} to ${to}`}`,
    ...remarks.map((text) => `- mind: ${text}`),
    ...remedy.map((text) => `- do: ${text}`),
    ...next.map((text) => `- look: ${text}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
const faults = remediesFaults(ruleSet, readMetricInventory())
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
