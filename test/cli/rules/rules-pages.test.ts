import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { judgeCaptures } from '../../../bench/reports/labelled-captures.ts'
import { realExamples } from '../../../bench/reports/real-examples.ts'
import { RULE_SECTIONS } from '../../../api/rule-sections.ts'
import { explainRule, rulesPages } from '../../../cli/rules/rules-pages.ts'
import { allRules } from '../../../diagnosis/index.ts'
import { BUILT_IN_RULES, loadRules, readRules } from '../../../judge/load-rules.ts'

const folder = new URL('../../../docs/rules/', import.meta.url)

test('a rule is explained in the order that its page has', async () => {
  const { ruleSet } = await loadRules()
  const rule = allRules(ruleSet).find(({ texts }) => texts.remarks.length > 0)
  if (rule === undefined) throw new Error('no rule has remarks')
  const headings = explainRule(rule, 'en').match(/^### .*$/gm)
  expect(headings).toEqual([
    '### What it means',
    '### What to bear in mind',
    '### What to change',
    '### How to confirm it, and where to look next',
    '### Sources',
  ])
  expect(RULE_SECTIONS).toEqual(['meaning', 'remarks', 'remedy', 'next', 'levels', 'sources'])
})

test('docs/rules is what the rules say; if not, run `npm run docs:rules`', async () => {
  const { ruleSet } = await loadRules()
  const captures = fileURLToPath(new URL('../../fixtures/captures/', import.meta.url))
  const examples = realExamples(judgeCaptures(captures, ruleSet))
  const pages = rulesPages(ruleSet, await readRules(BUILT_IN_RULES), examples)
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && name !== 'language.md',
  )
  const found = written.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(pages))
})
