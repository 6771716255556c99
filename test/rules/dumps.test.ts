import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Finding } from '../../api/index.ts'
import { diagnose } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import { loadRules } from '../../judge/load-rules.ts'

const { ruleSet } = await loadRules()
const captures = fileURLToPath(new URL('../fixtures/captures/', import.meta.url))

function findingsIn(path: string): readonly Finding[] {
  const profile = readProfile(readFileSync(`${captures}${path}`))
  return diagnose([{ path, profile }], ruleSet, { language: 'en' }).findings
}

test.each(['goroutine.pb.gz', 'goroutine.debug1.txt', 'goroutine.debug2.txt.gz'])(
  'a pile-up at a lock is found in %s, with who is past the lock',
  (file) => {
    const [finding] = findingsIn(`go-lock-pileup/${file}`)
    expect(finding).toMatchObject({
      rule: 'runtime.goroutines-wait-for-lock',
      group: 'main.(*volumes)',
      count: 399,
    })
    const texts = finding?.evidence.map(({ text }) => text).join('\n')
    expect(texts).toContain('They ask for it in: main.(*volumes).attach 399')
    expect(texts).toMatch(
      /May hold it: 1 goroutine past it in .*net\/http.* < main\.\(\*volumes\)\.attach/,
    )
  },
)

test('a dump shows how long they wait, which raises the level', () => {
  const [finding] = findingsIn('go-lock-pileup/goroutine.debug2.txt.gz')
  expect(finding?.level).toBe('critical')
  expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain(
    'the longest waits for 6 min',
  )
  expect(findingsIn('go-lock-pileup/goroutine.pb.gz')[0]?.level).toBe('warning')
})

test.each(['goroutineleak.pb.gz', 'goroutineleak.debug1.txt', 'goroutineleak.debug2.txt.gz'])(
  'leaks that Go proved are found in %s',
  (file) => {
    const [finding] = findingsIn(`go-leak-proven/${file}`)
    expect(finding).toMatchObject({ rule: 'runtime.goroutine-leak-proven', count: 300 })
  },
)
