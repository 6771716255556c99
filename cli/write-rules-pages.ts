// `npm run docs:rules`: writes docs/rules/.
import { writeFileSync } from 'node:fs'
import { BUILT_IN_RULES, loadRules, readRules } from '../worker/load-rules.ts'
import { rulesPages } from './rules-pages.ts'

const { ruleSet } = await loadRules()
for (const [name, page] of rulesPages(ruleSet, await readRules(BUILT_IN_RULES))) {
  writeFileSync(new URL(`../docs/rules/${name}`, import.meta.url), page)
}
