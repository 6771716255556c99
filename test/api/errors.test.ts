import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AppError, ERRORS } from '../../api/index.ts'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

test('docs/errors.md has one heading for every code of the catalogue, and no other', () => {
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, code = '']) => code)
  expect(headings.toSorted()).toEqual(Object.keys(ERRORS).toSorted())
})

test.each(Object.entries(ERRORS))('docs/errors.md gives %s its status', (code, { status }) => {
  expect(page).toMatch(new RegExp(`^### ${code}\n${status}\\. `, 'm'))
})

test('an error without a message has the sentence of the catalogue', () => {
  expect(new AppError('LINK_GONE').message).toBe(ERRORS.LINK_GONE.say)
})
