import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readProfile } from '../../gzip/node.ts'
import { checkProfile } from '../../profile/index.ts'
import { stacksOf } from './stacks-of.ts'

test('folded stacks are read as samples, gzip or not', () => {
  const text = '# a comment\nmain;work 12\nmain 3\n\nmain;work 5\n'
  for (const bytes of [Buffer.from(text), gzipSync(text)]) {
    const profile = readProfile(bytes)
    checkProfile(profile)
    expect(profile.sampleTypes).toEqual([{ type: 'samples', unit: 'count' }])
    expect(stacksOf(profile)).toEqual({ 'main;work': [17n], main: [3n] })
  }
})

test('names keep blanks and what is not ASCII', () => {
  const profile = readProfile(Buffer.from('go vet;(*T[int, string]).Größe 1\r\n'))
  expect(stacksOf(profile)).toEqual({ 'go vet;(*T[int, string]).Größe': [1n] })
})

test('lines with # and // are comments', () => {
  const profile = readProfile(Buffer.from('# from perf\n// cpu\n\na;b 1\n// more\na;c 2\n'))
  expect(stacksOf(profile)).toEqual({ 'a;b': [1n], 'a;c': [2n] })
})

test('two numbers a line are from before and after', () => {
  const profile = readProfile(Buffer.from('a;b 1 3\na;c 0 2\nx 4 0\n'))
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual(['before', 'samples'])
  expect(stacksOf(profile)).toEqual({ 'a;b': [1n, 3n], 'a;c': [0n, 2n], x: [4n, 0n] })
})

test('a number in one name is not a second column', () => {
  const profile = readProfile(Buffer.from('a;worker 1 3\na;b 2\n'))
  expect(stacksOf(profile)).toEqual({ 'a;worker 1': [3n], 'a;b': [2n] })
})

test.each([
  ['# c\na;b 1\nnonsense\n', 'line 3 does not end with a whole number: nonsense'],
  ['a;b 1\nc;d\n', 'line 2 does not end with a whole number: c;d'],
  ['a;b 1\n\nc;d 1.5\n', 'line 3 does not end with a whole number'],
  ['a;b 9223372036854775808\n', 'line 1: 9223372036854775808 exceeds 64 bits'],
])('%j is refused by its line', (text, message) => {
  expect(() => readProfile(Buffer.from(text))).toThrow(message)
})

test.each(['Error 500\n', 'one 1\ntwo 2\nthree 3\n', 'a;b\n', '404 page not found\n'])(
  '%j is no folded stack',
  (text) => {
    expect(() => readProfile(Buffer.from(text))).toThrow('the bytes are text, not a profile')
  },
)

test('text is quoted up to what an error page says in its first line', () => {
  const line = `Error from server (Forbidden): ${'x'.repeat(100)} is not permitted`
  expect(() => readProfile(Buffer.from(`${line}\nmore\n`))).toThrow(`: "${line}"`)
  expect(() => readProfile(Buffer.from(`${'y z '.repeat(200)}\n`))).toThrow(
    /: "[yz ]{199,200}\.\.\."$/,
  )
  // What a terminal would act on is not quoted.
  expect(() => readProfile(Buffer.from(`${'a '.repeat(40)}\u001b[31m red\n`))).toThrow(/: "[a ]+"$/)
})

test('more stacks than allowed are refused', () => {
  const bytes = Buffer.from('a;b 1\na;c 1\n')
  expect(() => readProfile(bytes, { samplesMax: 1 })).toThrow('more than 1 stacks')
})

test('no text makes it fail otherwise than by a ProfileFormatError', () => {
  const piece = fc.constantFrom('a', ';', ' ', '1', '-', '\n', '@', ':', '#', '\u0000', 'é')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(['none', 'ProfileFormatError']).toContain(failureOf(`a;b 1\n${pieces.join('')}`))
    }),
  )
})

function failureOf(text: string): string {
  try {
    checkProfile(readProfile(Buffer.from(text)))
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}
