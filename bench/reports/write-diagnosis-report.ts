// `npm run diagnosis-report`: writes docs/diagnosis-report.md. `npm run diagnosis-report -- DIR...` prints it instead,
// for folders of captures that are not the repository's.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadRules } from '../../judge/index.ts'
import { diagnosisReport } from './diagnosis-report.ts'
import { readFirstSight } from './first-sight.ts'
import { judgeCaptures } from './labelled-captures.ts'

const directories = process.argv.slice(2)
const { ruleSet } = await loadRules()
if (directories.length > 0) {
  const judged = directories.flatMap((directory) => judgeCaptures(directory, ruleSet))
  console.log(diagnosisReport(judged, ruleSet))
} else {
  const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url))
  const report = diagnosisReport(
    judgeCaptures(`${fixtures}captures/`, ruleSet),
    ruleSet,
    readFirstSight(fixtures, ruleSet),
  )
  writeFileSync(new URL('../../docs/diagnosis-report.md', import.meta.url), report)
}
