import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { compileRules } from '../../diagnosis/index.ts'
import { BUILT_IN_RULES, readRules } from '../../judge/load-rules.ts'

// rules/schema.json is for editors. What it and the parser say of a rule must be the same.
const schema: object = JSON.parse(readFileSync(`${BUILT_IN_RULES}schema.json`, 'utf8'))
const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema)
const { words, rules } = await readRules(BUILT_IN_RULES)

const text = { en: 'Lists', zh: '列表' }
const where = { any: ['main.list'] }
const rule = {
  id: 'my.lists',
  title: text,
  meaning: text,
  reads: 'cpu',
  where,
  levels: { info: 'share >= 5%' },
}
const combined = {
  id: 'my.both',
  title: text,
  meaning: text,
  combine: { lists: 'my.lists' },
  levels: { info: 'lists.level >= 1' },
}
const folded = 'main.main; main.list 100'

function parserAccepts(document: unknown): boolean {
  return compileRules({ words, rules: [{ file: 'my.yaml', document }] }).faults.length === 0
}

test.each(
  rules.map(({ file, document }) => [file.slice(BUILT_IN_RULES.length), document] as const),
)('%s is a rule by the schema', (_, document) => {
  accepts(document)
  expect(accepts.errors).toBeNull()
})

const sound: Readonly<Record<string, unknown>> = {
  'the least rule': rule,
  'the least combined rule': combined,
  'several measures and a split': {
    ...rule,
    where: undefined,
    measures: { list: { where }, gc: { classes: 'gc.paid' }, one: { largest: where } },
    split: { gc: text },
    unless: 'total.samples < 100',
  },
  'a number as a condition': { ...rule, levels: { info: 1 } },
  'ranges of versions': { ...rule, versions: '>=1.20 <1.36', goVersions: '1.20-1.22' },
  'shared expressions': { ...rule, kinds: '$objects', by: 'controller/(\\w+)\\.' },
  'another signal': { ...rule, also: [{ reads: 'block', where, levels: { warning: 'rate > 1' } }] },
  cases: {
    ...rule,
    cases: [
      { name: 'fires', fires: 'info', stacks: folded, component: 'etcd', seconds: 30 },
      { name: 'nearly', silent: true, reads: 'goroutine', stacks: folded },
    ],
  },
  'what to say': {
    ...rule,
    remarks: [text, { when: 'kubernetes >= 1.31', ...text }],
    remedy: [text],
    next: [{ what: text, metric: 'up' }],
    sources: ['https://kubernetes.io/'],
    metrics: [
      { ...text, counter: 'requests_total', by: 'verb', where: { verb: 'LIST' } },
      { as: 'lists', counter: 'requests_total' },
      { as: 'all', counter: 'requests_total', since: 'start' },
    ],
    logs: ['Throttling request took \\S+'],
    explains: ['my.other'],
    confirmedBy: ['my.third'],
  },
  'parts of their own': {
    ...combined,
    combine: { lists: { rule: 'my.lists', within: 'my.gc' }, own: { reads: 'cpu', where } },
    cases: [{ name: 'both', fires: 'info', profiles: [{ stacks: folded }], metrics: { up: 1 } }],
  },
}

test.each(Object.entries(sound))('both accept %s', (_, document) => {
  const plain: unknown = JSON.parse(JSON.stringify(document))
  expect({ schema: accepts(plain), errors: accepts.errors }).toEqual({ schema: true, errors: null })
  expect(parserAccepts(plain)).toBe(true)
})

const broken: Readonly<Record<string, unknown>> = {
  'an unknown key': { ...rule, treshold: 1 },
  'an unknown key of a combined rule': { ...combined, reads: 'cpu' },
  'no id': { ...rule, id: undefined },
  'an id of one word': { ...rule, id: 'lists' },
  'no title': { ...rule, title: undefined },
  'a title in one language': { ...rule, title: { en: 'Lists' } },
  'an empty text': { ...rule, meaning: { en: ' ', zh: '列表' } },
  'a profile that does not exist': { ...rule, reads: 'memory' },
  'nothing to look for': { ...rule, where: undefined },
  'where beside measures': { ...rule, measures: { list: { where } } },
  'an empty where': { ...rule, where: {} },
  'a pattern that is no list': { ...rule, where: { any: 'main.list' } },
  'an unknown list of patterns': { ...rule, where: { some: ['main.list'] } },
  'no measures': { ...rule, where: undefined, measures: {} },
  'an unknown kind of measure': {
    ...rule,
    where: undefined,
    measures: { list: { smallest: where } },
  },
  'no levels': { ...rule, levels: undefined },
  'empty levels': { ...rule, levels: {} },
  'an unknown level': { ...rule, levels: { error: 'share > 0' } },
  'a condition that is a list': { ...rule, levels: { info: ['share > 0'] } },
  'versions that are invalid': { ...rule, versions: 'new ones' },
  'versions that are a number': { ...rule, versions: 1.3 },
  'components that are no list': { ...rule, components: 'etcd' },
  'a remedy in no language': { ...rule, remedy: ['upgrade'] },
  'two places to look at once': { ...rule, next: [{ what: text, metric: 'up', log: 'up' }] },
  'no place to look': { ...rule, next: [{ what: text }] },
  'a remark without words': { ...rule, remarks: [{ when: 'share > 0' }] },
  'a metric in one language': { ...rule, metrics: [{ as: 'lists', en: 'Lists', counter: 'a' }] },
  'a metric that nobody asks for': { ...rule, metrics: [{ counter: 'a' }] },
  'a total of another time': { ...rule, metrics: [{ as: 'all', counter: 'a', since: 'now' }] },
  'a metric of no kind': { ...rule, metrics: [{ ...text, by: 'verb' }] },
  'a metric of two kinds': { ...rule, metrics: [{ ...text, gauge: 'a', counter: 'b' }] },
  'a log line that is no text': { ...rule, logs: [1] },
  'a source that is no text': { ...rule, sources: [1] },
  'a case that neither fires nor is silent': { ...rule, cases: [{ name: 'x', stacks: folded }] },
  'a case that does both': {
    ...rule,
    cases: [{ name: 'x', fires: 'info', silent: true, stacks: folded }],
  },
  'a case without stacks': { ...rule, cases: [{ name: 'x', fires: 'info' }] },
  'an unknown key of a case': {
    ...rule,
    cases: [{ name: 'x', fires: 'info', stacks: folded, samples: 1 }],
  },
  'a case whose seconds are text': {
    ...rule,
    cases: [{ name: 'x', fires: 'info', stacks: folded, seconds: 'ten' }],
  },
  'nothing to combine': { ...combined, combine: {} },
  'an unknown key of a part': { ...combined, combine: { lists: { rule: 'a.b', of: 'c.d' } } },
  'a metric that is no number': {
    ...combined,
    cases: [{ name: 'x', fires: 'info', stacks: folded, metrics: { up: 'yes' } }],
  },
  'a list': [rule],
  nothing: null,
}

test.each(Object.entries(broken))('both refuse %s', (_, document) => {
  const plain: unknown = JSON.parse(JSON.stringify(document))
  expect({ schema: accepts(plain), parser: parserAccepts(plain) }).toEqual({
    schema: false,
    parser: false,
  })
})
