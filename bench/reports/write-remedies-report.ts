// `npm run remedies-report [-- COMPONENT]`: prints what each rule may advise, by component and release; fails on faults.
import { readFlagInventory, readMetricInventory } from '../../cli/rules/read-inventory.ts'
import { loadRules } from '../../judge/index.ts'
import { flagFaults } from './flag-faults.ts'
import { remediesFaults, remediesRows } from './remedies-report.ts'

const [, , wanted] = process.argv
const { ruleSet } = await loadRules()
const rows = remediesRows(ruleSet)
for (const { rule, component, from, to, remarks, remedy, next } of rows) {
  if (wanted !== undefined && wanted !== component) continue
  const lines = [
    `## ${rule}, ${component} ${from === to ? from : `${from} to ${to}`}`,
    ...remarks.map((text) => `- mind: ${text}`),
    ...remedy.map((text) => `- do: ${text}`),
    ...next.map((text) => `- look: ${text}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
const faults = [
  ...remediesFaults(ruleSet, readMetricInventory()),
  ...flagFaults(rows, readFlagInventory()),
]
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
