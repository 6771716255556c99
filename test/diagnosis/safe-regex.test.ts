import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { requiredLiterals, safeRegex } from '../../diagnosis/pattern/safe-regex.ts'

test.each([
  ['slow fdatasync', ['slow fdatasync']],
  [String.raw`Waited for \S+ due to client-side`, [' due to client-side']],
  [
    String.raw`k8s\.io/(?:api|kubernetes/pkg/apis)/(\w+/v\w+)`,
    ['k8s.io/api/', 'k8s.io/kubernetes/pkg/apis/'],
  ],
  // What may be absent is not asked for.
  ['colou?r', ['colo']],
  ['(?:abc|def)*xy', ['xy']],
  ['one|two', ['']],
  ['(?i)slow', ['']],
  [String.raw`\x41b`, ['']],
])('what %s matches holds one of %j', (source, literals) => {
  expect(requiredLiterals(source)).toEqual(literals)
})

const piece = fc.constantFrom(
  'ab',
  'c',
  '.',
  'x?',
  'y*',
  '(ab|c)',
  '(?:d|ab)+',
  '[ab]',
  String.raw`\.`,
  String.raw`\w`,
)
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '.', 'x'), maxLength: 12 })

test('the quick look never says no where RE2 says yes', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), name, (pieces, text) => {
      const source = pieces.join('')
      expect(safeRegex(source).test(text)).toBe(RE2JS.compile(source).matcher(text).find())
    }),
  )
})

test('an expression that would stall a backtracking engine is done at once', () => {
  expect(safeRegex('(a+)+$').test(`${'a'.repeat(50_000)}b`)).toBe(false)
})
