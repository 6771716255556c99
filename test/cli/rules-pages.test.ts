import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { judgeCaptures } from '../../bench/reports/labelled-captures.ts'
import { realExamples } from '../../bench/reports/real-examples.ts'
import { rulesPages } from '../../cli/rules/rules-pages.ts'
import { BUILT_IN_RULES, loadRules, readRules } from '../../judge/load-rules.ts'

const folder = new URL('../../docs/rules/', import.meta.url)

test('docs/rules is what the rules say; if not, run `npm run docs:rules`', async () => {
  const { ruleSet } = await loadRules()
  const captures = fileURLToPath(new URL('../fixtures/captures/', import.meta.url))
  const examples = realExamples(judgeCaptures(captures, ruleSet))
  const pages = rulesPages(ruleSet, await readRules(BUILT_IN_RULES), examples)
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && name !== 'language.md',
  )
  const found = written.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(pages))
})
