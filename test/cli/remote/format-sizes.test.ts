import { expect, test } from 'vitest'
import { formatSizes } from '../../../cli/store/format-sizes.ts'

test('sizes are a table, with what a day adds', () => {
  const type = 'cpu' as const
  const text = formatSizes([
    { type, form: 'files', profileCount: 100, sizeBytes: 102_400, recentCount: 10 },
    { type, form: 'full', profileCount: 200, sizeBytes: 20_480, recentCount: 10 },
  ])
  expect(text.split('\n')).toEqual([
    'type  form             profiles      size      each     a day',
    'cpu   files                 100   100 KiB  1.00 KiB  10.0 KiB',
    'cpu   single profiles       200  20.0 KiB     102 B  1.00 KiB',
    'a day adds 11.0 KiB',
    '',
  ])
})
