import { describe, expect, test } from 'vitest'
import { cpuProfile, findingOn, makeRules } from './make-rule.ts'

/** Whether a rule with this pattern finds a profile of this one stack. */
function finds(pattern: string, stack: string): boolean {
  const ruleSet = makeRules({ where: { any: [pattern] }, levels: { info: 'lo > 0' } })
  expect(ruleSet.faults).toEqual([])
  return findingOn(cpuProfile(`${stack} 200`), ruleSet) !== null
}

describe('an atom', () => {
  test.each([
    ['a.F', 'a.F', true],
    ['a.F', 'a.FG', false],
    ['a.F*', 'a.FG', true],
    ['a.(*T).M', 'a.(*T).M', true],
    ['a.(*T).M', 'a.(*Tx).M', false],
    ['a.{F,G}', 'a.G', true],
    ['a{,/v2}.F', 'a/v2.F', true],
    ['a{/{v2,v3},}.F', 'a/v3.F', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c', false],
    ['*bb', 'b', false],
    ['a.F', 'a.F.func1', true],
    ['a.F', 'a.F.func1.2.gowrap3', true],
    ['a.F', 'a.F-fm', true],
    ['a.F', 'a.F-range1', true],
    ['=a.F', 'a.F.func1', false],
    ['=a.F', 'a.F', true],
    ['a.F', 'k8s.io/kubernetes/vendor/a.F', true],
    ['a.(*T[...]).M', 'a.(*T[go.shape.struct { X int }]).M', true],
    ['~^a\\.(F|G)$~', 'a.G', true],
    ['~^a\\.(F|G)$~', 'a.H', false],
    ['@kk/controller.F', 'k8s.io/kubernetes/pkg/controller.F', true],
    ['file:/src/*.go', 'a.F @/src/main.go:12', true],
  ])('%s against %s: %s', (pattern, stack, expected) => {
    expect(finds(pattern, stack)).toBe(expected)
  })

  test('matches a closure of an inlined function by the package of its file', () => {
    const stack =
      'k8s.io/apiextensions-apiserver/pkg/apiserver.(*crdHandler).serveResource.ListResource.func2 @/go/pkg/mod/k8s.io/apiserver@v0.30.4/pkg/endpoints/handlers/get.go'
    expect(finds('@as/endpoints/handlers.ListResource', stack)).toBe(true)
  })
})

describe('a path', () => {
  test.each([
    ['a // c', 'a; b; c; d', true],
    ['c // a', 'a; b; c; d', false],
    ['a / c', 'a; b; c', false],
    ['a / b', 'a; b; c', true],
    ['a / b / c', 'a; b; a; b; c', true],
    ['a / c', 'a; runtime.systemstack; c', true],
    ['a // a', 'a; b', false],
    ['a // a', 'a; b; a', true],
    ['x | a // y | c', 'a; b; c', true],
    ['^ a', 'a; b', true],
    ['^ b', 'a; b', false],
    ['b $', 'a; b', true],
    ['a $', 'a; b', false],
    ['a $', 'a; b; a', true],
    ['a // b $', 'a; b; c', false],
    ['a // $lockwait', 'a; b; sync.(*Mutex).Lock; runtime.gopark', true],
  ])('%s against %s: %s', (pattern, stack, expected) => {
    expect(finds(pattern, stack)).toBe(expected)
  })

  test('none takes back what any found', () => {
    const rules = makeRules({ where: { any: ['a'], none: ['b'] }, levels: { info: 'lo > 0' } })
    expect(findingOn(cpuProfile('a; b 200'), rules)).toBeNull()
    expect(findingOn(cpuProfile('a; c 200'), rules)).not.toBeNull()
  })

  test('all asks for each', () => {
    const rules = makeRules({ where: { all: ['a', 'b'] }, levels: { info: 'lo > 0' } })
    expect(findingOn(cpuProfile('a; c 200'), rules)).toBeNull()
    expect(findingOn(cpuProfile('b; a 200'), rules)).not.toBeNull()
  })
})

describe('an invalid pattern is reported with its place', () => {
  test.each([
    ['a //', /ends where a function is due/],
    ['a b', /"b" stands in .* where "\|"/],
    ['| a', /"\|" stands/],
    ['@nope.F', /no alias "@nope"/],
    ['a // $nope', /no set "\$nope"/],
    ['~(~', /not a regular expression/],
    ['~(?=a)~', /not a regular expression/],
    ['{a,b', /"\{" without "\}"/],
    ['*', /matches everything/],
    [`{${'a,'.repeat(70)}}`, /more than 64 choices/],
    ['a // b // c // d // e // f // g // h // i', /more than 8 steps/],
  ])('%s', (pattern, message) => {
    const { rules, faults } = makeRules(
      { where: { any: [pattern] }, levels: { info: 'lo > 0' } },
      { where: { any: ['ok'] }, levels: { info: 'lo > 0' } },
    )
    expect(faults).toEqual([
      { file: '0.yaml', path: ['where', 'any', 0], message: expect.stringMatching(message) },
    ])
    expect(rules.map(({ id }) => id)).toEqual(['test.1'])
  })
})
