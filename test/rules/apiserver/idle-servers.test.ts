import { expect, test } from 'vitest'
import { allRules, runCase } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'

const { ruleSet } = await loadRules()

/** What API servers do in passing, too: a share of hardly any CPU is not worth knowing. */
const IN_PASSING = new Set([
  'apiserver.audit',
  'apiserver.cel',
  'apiserver.crd-unstructured',
  'apiserver.decode-json-body',
  'apiserver.discovery',
  'apiserver.encode-protobuf',
  'apiserver.encryption-at-rest',
  'apiserver.metrics-scrape',
  'apiserver.node-authorizer',
  'apiserver.openapi-download',
  'apiserver.rbac',
  'apiserver.table-printing',
  'apiserver.token-requests',
  'apiserver.webhook-admission',
])

const fired = allRules(ruleSet)
  .filter(({ id }) => IN_PASSING.has(id))
  .flatMap((rule) =>
    rule.texts.cases
      .filter(({ fires, profiles }) => fires !== null && profiles[0]?.reads === 'cpu')
      .map((ruleCase) => ({ id: rule.id, name: ruleCase.name, rule, ruleCase })),
  )

test('each of these rules has a case', () => {
  expect(new Set(fired.map(({ id }) => id))).toEqual(IN_PASSING)
})

test.each(fired)('$id: $name, at a thousandth of the rate, is no finding', ({ rule, ruleCase }) => {
  const profiles = ruleCase.profiles.map((profile) => ({
    ...profile,
    seconds: profile.seconds * 1000,
  }))
  expect(runCase(rule, { ...ruleCase, profiles }, ruleSet)).toBeNull()
})
