import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runRules } from '../../../cli/rules/rules-command.ts'
import { printedBy } from '../printed-by.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-symbols-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'my.yaml')
writeFileSync(
  file,
  `id: my.lists
title: {en: Lists, zh: 列表}
meaning: {en: Lists, zh: 列表}
reads: cpu
where:
  any: ["runtime.main // k8s.io/client-go/tools/cache.(*Reflektor).list"]
levels: {info: share > 0}
cases:
  - {name: fires, fires: info, stacks: "runtime.main; k8s.io/client-go/tools/cache.(*Reflektor).list 300"}
  - {name: does not, silent: true, stacks: "runtime.main 300"}
`,
)

async function check(...flags: readonly string[]) {
  const { code, error } = await printedBy((io) => runRules(['check', ...flags, file], io))
  return { code, error }
}

test('rules check points at a function that no version has, and names the nearest', async () => {
  const { code, error } = await check()
  expect(code).toBe(3)
  expect(error).toBe(
    `kubeprof rules: ${file}:6:26: where.any.0: no known version has "k8s.io/client-go/tools/cache.(*Reflektor).list"; did you mean k8s.io/client-go/tools/cache.(*Reflector).list?\n`,
  )
})

test('rules check --unlisted lets functions be that only a newer version has', async () => {
  expect(await check('--unlisted')).toEqual({ code: 0, error: '' })
})
