import { expect, test } from 'vitest'
import { makeKeyring, newKeyLine, parseKeyFile } from '../../server/ports/keyring.ts'

const [oldLine, newLine] = [newKeyLine(), newKeyLine()]

test('what is sealed opens for the same purpose, and is different each time', () => {
  const keyring = makeKeyring(parseKeyFile(oldLine))
  const sealed = keyring.seal('a secret', 'x')
  expect(sealed).not.toContain('a secret')
  expect(keyring.seal('a secret', 'x')).not.toBe(sealed)
  expect(keyring.open(sealed, 'x')).toBe('a secret')
  expect(keyring.open(sealed, 'y')).toBeNull()
})

test('after a rotation the new key seals, and the old one still opens', () => {
  const keyring = makeKeyring(parseKeyFile(oldLine))
  const sealed = keyring.seal('a secret', 'x')
  keyring.replace(parseKeyFile(`${newLine}\n${oldLine}\n`))
  expect(keyring.open(sealed, 'x')).toBe('a secret')
  expect(keyring.seal('other', 'x').split('.')[0]).toBe(newLine.split(':')[0])
  keyring.replace(parseKeyFile(newLine))
  expect(keyring.open(sealed, 'x')).toBeNull()
})

test('changed or foreign text does not open', () => {
  const keyring = makeKeyring(parseKeyFile(oldLine))
  const sealed = keyring.seal('a secret', 'x')
  const last = sealed.endsWith('A') ? 'B' : 'A'
  for (const text of [sealed.slice(0, -1) + last, sealed.slice(0, 20), '', 'a.b', 'a.b.c']) {
    expect(keyring.open(text, 'x')).toBeNull()
  }
})

test.each([
  ['', 'there is no key in it'],
  ['# only a comment\n', 'there is no key in it'],
  ['0123456789ab:c2hvcnQ=', 'line 1 is not a key'],
  [`${oldLine}\nnonsense`, 'line 2 is not a key'],
])('a key file of %j is refused', (text, message) => {
  expect(() => parseKeyFile(text)).toThrow(message)
})
