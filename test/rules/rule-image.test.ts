import { expect, test } from 'vitest'
import { allRules, compileRules, ruleImageOf, ruleSetOf, runCase } from '../../diagnosis/index.ts'
import { BUILT_IN_RULES, readRules } from '../../judge/load-rules.ts'

const sources = await readRules(BUILT_IN_RULES)
const compiled = compileRules(sources)
const kept = ruleSetOf(JSON.parse(JSON.stringify(ruleImageOf(compiled, sources.rules))))

test('rules that were kept as JSON judge every case as those that were just compiled', () => {
  const verdicts = [compiled, kept].map((ruleSet) =>
    allRules(ruleSet).flatMap((rule) =>
      rule.texts.cases.map(({ name, ...ruleCase }) => [
        rule.id,
        name,
        runCase(rule, { name, ...ruleCase }, ruleSet),
      ]),
    ),
  )
  expect(verdicts[1]).toEqual(verdicts[0])
})

const text = { en: 'x', zh: '某' }
const OWN = {
  title: text,
  meaning: text,
  reads: 'cpu',
  where: { any: ['@as/storage/etcd3.(*store).GetList'] },
  levels: { info: 'lo > 0' },
}

test('further rules join those that were kept, and use their words', () => {
  const rules = [{ file: 'own.yaml', document: { id: 'own.lists', ...OWN } }]
  const { rules: all, faults, automaton } = compileRules({ words: sources.words, rules }, kept)
  expect(faults).toEqual([])
  expect(all).toHaveLength(kept.rules.length + 1)
  // The kept set stays as it was.
  expect(automaton.pathTexts.length).toBeGreaterThanOrEqual(kept.automaton.pathTexts.length)
  expect(kept.rules.some(({ id }) => id === 'own.lists')).toBe(false)
})

test('a further rule cannot take the id of one that is there', () => {
  const rules = [{ file: 'own.yaml', document: { id: 'apiserver.gzip', ...OWN } }]
  const { faults } = compileRules({ words: sources.words, rules }, kept)
  expect(faults).toMatchObject([{ file: 'own.yaml', path: ['id'] }])
})
