// `npm run docs:rules`: writes docs/rules/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rulesPages } from '../../cli/rules/rules-pages.ts'
import { BUILT_IN_RULES, loadRules, readRules } from '../../judge/index.ts'
import { judgeCaptures } from './labelled-captures.ts'
import { realExamples } from './real-examples.ts'

const captures = fileURLToPath(new URL('../../test/fixtures/captures/', import.meta.url))
const { ruleSet } = await loadRules()
const examples = realExamples(judgeCaptures(captures, ruleSet))
for (const [name, page] of rulesPages(ruleSet, await readRules(BUILT_IN_RULES), examples)) {
  const file = new URL(`../../docs/rules/${name}`, import.meta.url)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, page)
}
