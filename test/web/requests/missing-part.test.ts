import { expect, test } from 'vitest'
import { isMissingPart } from '../../../web/shell/missing-part.ts'

test('a part of the app that does not arrive is distinguished from a fault in the page', () => {
  const said = [
    'Unable to preload CSS for /assets/RulesPage-CRodOG_Q.css',
    'Failed to fetch dynamically imported module: http://kubeprof/assets/RulesPage.js',
    'error loading dynamically imported module: http://kubeprof/assets/RulesPage.js',
    'Importing a module script failed.',
  ]
  expect(said.map((message) => isMissingPart(new TypeError(message)))).toEqual(said.map(() => true))
  expect(isMissingPart(new Error('x is not a function'))).toBe(false)
  expect(isMissingPart('Unable to preload')).toBe(false)
})
