import { expect, test } from 'vitest'
import { symbolFaults } from '../../cli/rules/check-symbols.ts'
import { readInventory } from '../../cli/rules/read-inventory.ts'
import { allRules, profileOfCase } from '../../diagnosis/index.ts'
import { parseRuleWords, unknownFunctions } from '../../diagnosis/symbols.ts'
import {
  BUILT_IN_RULES,
  describeFault,
  loadRules,
  locateFaults,
  readRules,
} from '../../judge/load-rules.ts'

const inventory = readInventory()
const { words, rules } = await readRules(BUILT_IN_RULES)

function faultsOf(rule: object) {
  return symbolFaults([{ file: 'my.yaml', document: rule }], words, inventory).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

test('every function that a rule or a shared word names exists in a version that the rule is for', async () => {
  const faults = symbolFaults([words, ...rules], words, inventory, { isForeignChecked: true })
  expect((await locateFaults(faults)).map(describeFault)).toEqual([])
})

test('the inventory has each of the versions that profiles come from', () => {
  const apiserver = inventory.modules.find(({ path }) => path === 'k8s.io/apiserver')
  const go = inventory.modules.find(({ track }) => track === 'go')
  expect(apiserver?.versions).toEqual(expect.arrayContaining(['1.20', '1.30', '1.36']))
  expect(go?.versions).toEqual(expect.arrayContaining(['1.13', '1.22', '1.26']))
})

test('a misspelt name is reported with the nearest name', () => {
  expect(faultsOf({ where: { any: ['@as/storage/etcd3.(*store).GetLits'] } })).toEqual([
    'where.any.0: no known version has "@as/storage/etcd3.(*store).GetLits"; did you mean k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList?',
  ])
})

test('a misspelt path is reported with the nearest path', () => {
  expect(
    faultsOf({ where: { all: ['runtime.main // k8s.io/apiserver/pkg/storage/etc3.newStore'] } }),
  ).toEqual([
    'where.all.0: no known version has "k8s.io/apiserver/pkg/storage/etc3.newStore"; did you mean k8s.io/apiserver/pkg/storage/etcd3.newStore?',
  ])
})

test('each choice is asked for on its own', () => {
  expect(faultsOf({ where: { any: ['runtime.{mallocgc,malocgc}'] } })).toEqual([
    'where.any.0: no known version has "runtime.malocgc"; did you mean runtime.mallocgc?',
  ])
})

test('a name must exist in the versions that the rule is for', () => {
  const where = { any: ['@as/storage/etcd3.(*store).List'] }
  expect(faultsOf({ where, versions: '<1.24' })).toEqual([])
  expect(faultsOf({ where })).toEqual([])
  expect(faultsOf({ where, versions: '>=1.25' })).toHaveLength(1)
})

test('an expression that matches no name is reported, except one of a label', () => {
  expect(faultsOf({ by: 'kubernetes/pkg/controlers/(\\w+)' })).toHaveLength(1)
  expect(faultsOf({ by: 'kubernetes/pkg/controller/(\\w+)' })).toEqual([])
  expect(faultsOf({ metrics: [{ by: 'flow_schema' }] })).toEqual([])
})

test('closures, wrappers and methods of generic types are known by their function', () => {
  const names = [
    '@as/endpoints/handlers.ListResource.func1',
    '=runtime.gcAssistAlloc.func2',
    '@cg/util/workqueue.(*Typed[...]).Get',
    'gcWriteBarrier',
  ]
  expect(faultsOf({ where: { any: names } })).toEqual([])
})

test('a pattern that cannot be read is not looked up', () => {
  const broken = ['runtime.{a', '~(~', '@nope.f', `runtime.${'{a,b}'.repeat(40)}`, '$nope', '//']
  expect(faultsOf({ where: { any: broken } })).toEqual([])
})

test('functions of modules that the inventory has not are let be', () => {
  expect(faultsOf({ where: { any: ['main.(*Reconciler).Reconcile'] } })).toEqual([])
  expect(
    faultsOf({ where: { any: ['github.com/acme/operator.(*Reconciler).Reconcile'] } }),
  ).toEqual([])
})

test('every function in the cases of a rule exists, so that no case shows what cannot be', async () => {
  const { ruleSet } = await loadRules()
  const { words: shared } = parseRuleWords(words.document)
  const unknown = allRules(ruleSet).flatMap(({ id, texts }) => {
    const frames = texts.cases
      .flatMap(({ profiles }) => profiles)
      .map((profile) => profileOfCase(profile))
      .flatMap(({ funcs, strings }) => Array.from(funcs.name, (name) => strings[name] ?? ''))
    const names = new Set(frames.map(functionOf))
    const patterns = [...names].map((text) => ({ path: [id], text, kind: 'stack' as const }))
    return unknownFunctions(patterns, inventory, { words: shared, versions: {} })
  })
  expect(unknown.map(({ path, written }) => `${path.join('.')}: ${written}`)).toEqual([])
})

/** Without vendoring and type arguments; a closure of an inlined function belongs to the function it is in. */
function functionOf(frame: string): string {
  const name = frame.replace(/^.*\/vendor\//, '').replace(/\[.*\]/, '[...]')
  return name.replace(/(\)\.\w+)\.[A-Z]\w+\.func[\d.]+$/, '$1')
}

test('a pattern that ends next to the slash is reported with what it leaves out', () => {
  expect(faultsOf({ where: { any: ['@as/endpoints/discovery/*'] } })).toEqual([
    'where.any.0: "k8s.io/apiserver/pkg/endpoints/discovery/*" has none of the functions of k8s.io/apiserver/pkg/endpoints/discovery; k8s.io/apiserver/pkg/endpoints/discovery{.*,/*} has both',
  ])
  expect(faultsOf({ where: { none: ['k8s.io/klog/v2.*'] } })).toHaveLength(1)
})

test.each([
  ['both sides in a choice', ['k8s.io/klog/v2{.*,/*}']],
  ['both sides in two patterns of a list', ['k8s.io/klog/v2.*', 'main.f // k8s.io/klog/v2/*']],
  ['a package with none below it', ['@ae/controller/finalizer.*']],
  [
    'functions picked out of the package',
    ['@as/endpoints/discovery/*', '@as/endpoints/discovery.NewRootAPIsHandler'],
  ],
])('nothing is left out by %s', (_, any) => {
  expect(faultsOf({ where: { any } })).toEqual([])
})

test('what another list has does not complete a pattern', () => {
  const where = { any: ['k8s.io/klog/v2.*'], none: ['k8s.io/klog/v2/*'] }
  expect(faultsOf({ where })).toHaveLength(2)
})
