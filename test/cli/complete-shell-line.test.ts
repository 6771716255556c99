import { expect, test } from 'vitest'
import { lineCompleter } from '../../cli/pprof/shell/complete-shell-line.ts'
import { profileFromFolded } from '../../profile/index.ts'

const complete = lineCompleter(
  profileFromFolded('main.main;main.serve 1\nmain.main;runtime.mallocgc 2', {
    type: 'cpu',
    unit: 'nanoseconds',
  }),
)

test.each([
  ['gran', ['granularity='], 'gran'],
  ['help tr', ['traces', 'tree', 'trim=', 'trim_path='], 'tr'],
  ['cp', ['cpu'], 'cp'],
  ['top5 malloc', ['runtime.mallocgc'], 'malloc'],
  ['peek main. -serve', ['-main.serve'], '-serve'],
  ['tags main', [], 'main'],
  ['top ', [], ''],
])('%j is completed', (line, candidates, part) => {
  const [found, replaced] = complete(line)
  expect([...found].sort()).toEqual(candidates)
  expect(replaced).toBe(part)
})
