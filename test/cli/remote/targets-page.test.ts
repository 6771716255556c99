import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withTables } from '../../../cli/index.ts'
import { faultText, readTargetsFile } from '../../../collect/index.ts'

const LIMITS = { intervalMsMin: 30_000, cpuShareMax: 0.1 }
const page = read('docs/targets.md')

test('docs/targets.md has the keys that the schema has; if not, run `npm run docs:config`', () => {
  expect(withTables(page)).toBe(page)
})

test.each([
  ['docs/targets.md', /```yaml\n(clusters:[^]*?)```/.exec(page)?.[1] ?? 'there is no example'],
  ['deploy/kubernetes/base/targets.yaml', read('deploy/kubernetes/base/targets.yaml')],
])('the targets file of %s can be taken over', (file, text) => {
  const result = readTargetsFile(text, LIMITS)
  const faults = 'faults' in result ? result.faults.map((fault) => faultText(file, fault)) : []
  expect(faults).toEqual([])
})

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}
