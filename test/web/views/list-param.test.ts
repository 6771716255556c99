import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatListParam, parseListParam } from '../../../web/view-state/list-param.ts'

test('any values come back from the address; none leaves the parameter out', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (values) => {
      expect(parseListParam(formatListParam(values))).toEqual(values)
    }),
  )
  expect(formatListParam([])).toBeUndefined()
  expect(parseListParam(undefined)).toEqual([])
})
