// `npm run diagnosis-report`: writes docs/diagnosis-report.md. `npm run diagnosis-report -- DIR...` prints it instead,
// for folders of captures that are not the repository's.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadRules } from '../judge/index.ts'
import { diagnosisReport } from './diagnosis-report.ts'
import { judgeCaptures } from './labelled-captures.ts'

const directories = process.argv.slice(2)
const captures = fileURLToPath(new URL('../test/fixtures/captures/', import.meta.url))
const { ruleSet } = await loadRules()
const judged = (directories.length === 0 ? [captures] : directories).flatMap((directory) =>
  judgeCaptures(directory, ruleSet),
)
const report = diagnosisReport(judged, ruleSet)
if (directories.length > 0) console.log(report)
else writeFileSync(new URL('../docs/diagnosis-report.md', import.meta.url), report)
