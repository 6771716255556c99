import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runRules } from '../../../cli/rules/rules-command.ts'
import { encodeProfile } from '../../../profile/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'
import { printedBy } from '../printed-by.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: readonly string[]) => printedBy((io) => runRules(args, io))

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const GOOD = `
id: my.rule
title: {en: x, zh: 某}
meaning: {en: x, zh: 某}
reads: cpu
where: {any: ["example.com/op.work // example.com/op.slow"]}
levels: {info: lo > 0.1}
cases:
  - {name: fires, fires: info, stacks: "example.com/op.work; example.com/op.slow 300"}
  - {name: does not, silent: true, stacks: "example.com/op.work 300"}
`

const COMBINED = `id: x.my-lists
title: {en: x, zh: 某}
meaning: {en: x, zh: 某}
combine:
  list: apiserver.list-from-etcd
  gc: runtime.gc-share
levels: {info: list.lo >= 0.1 and gc.lo >= 0.1}
cases:
  - name: fires
    fires: info
    component: kube-apiserver
    stacks: |
      k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList 500
      runtime.gcBgMarkWorker; runtime.gcDrainMarkWorkerDedicated 400
  - {name: does not, silent: true, stacks: "main.main 300"}
`

test('a folder without rules and an unknown language are refused', async () => {
  const empty = mkdtempSync(join(folder, 'empty-'))
  await expect(run('check', empty)).rejects.toThrow(`no rules (*.yaml) lie in ${empty}`)
  await expect(run('list', '--lang', 'de')).rejects.toThrow('--lang is one of en, zh, not "de"')
})

test('a rule that does what its cases say passes', async () => {
  const { code, out, error } = await run('check', write('good.yaml', GOOD))
  expect({ code, out, error }).toEqual({ code: 0, out: '1 of 1 rules can be used\n', error: '' })
})

test('a fault is reported with file, line and column, and the other files are still checked', async () => {
  const broken = write('broken.yaml', GOOD.replace('lo > 0.1', 'lo > nope'))
  const { code, out, error } = await run('check', broken, write('good.yaml', GOOD))
  expect(code).toBe(3)
  expect(out).toBe('1 of 2 rules can be used\n')
  expect(error).toMatch(/broken\.yaml:7:16: levels\.info: "nope" is not a number of a measure/)
})

test('invalid YAML is reported with line and column', async () => {
  const { code, error } = await run('check', write('yaml.yaml', 'id: a.b\ntitle: {en: x'))
  expect(code).toBe(3)
  expect(error).toMatch(/yaml\.yaml:2:\d+: /)
})

test('a case that fails is reported', async () => {
  const file = write(
    'case.yaml',
    GOOD.replace('example.com/op.work; example.com/op.slow 300', 'example.com/op.work 300'),
  )
  const { code, error } = await run('check', file)
  expect(code).toBe(3)
  expect(error).toMatch(/case "fires": is silent where it must fire at info/)
})

test('a pattern that backtracking would never finish is answered', async () => {
  const file = write(
    'slow.yaml',
    GOOD.replace('example.com/op.work // example.com/op.slow', '~^(a+)+$~ | a*a*a*a*a*a*a*b'),
  )
  const stacks = `${'a'.repeat(5000)}; example.com/op.work 300`
  const profile = write('a.pb', '')
  writeFileSync(profile, encodeProfile(cpuProfile(stacks)))
  expect((await run('try', file, profile)).code).toBe(0)
})

test('trying a rule says which step of a pattern found nothing', async () => {
  const profile = write('cpu.pb', '')
  writeFileSync(
    profile,
    encodeProfile(
      cpuProfile('example.com/op.work; example.com/op.fast 300\nexample.com/op.rest 100'),
    ),
  )
  const { code, out } = await run('try', write('good.yaml', GOOD), profile)
  expect(code).toBe(0)
  expect(out).toMatch(/step 1: 1 functions, in 75% of the stacks/)
  expect(out).toMatch(/step 2: no function/)
})

test('an unknown id names the nearest', async () => {
  await expect(run('show', 'apiserver.gzipp')).rejects.toThrow(/did you mean apiserver\.gzip\?/)
})

test('rules explain says what a rule means, in either language', async () => {
  const { code, out } = await run('explain', 'etcd.range')
  expect(code).toBe(0)
  expect(out).toMatch(
    /^# etcd\.range\n\n\*\*Range reads take much of etcd's CPU\*\*\n\n### What it means\n/,
  )
  expect(out).toContain('### How to confirm it, and where to look next')
  expect((await run('explain', 'etcd.range', '--lang', 'zh')).out).toContain('### 含义')
  await expect(run('explain', 'etcd.rage')).rejects.toThrow('did you mean etcd.range?')
})

const mute = (rule: string) => `  - {rule: ${rule}, mute: true, reason: known}\n`

test('a combined rule is checked with the built-in rules that it reads', async () => {
  const { code, out, error } = await run('check', write('combined.yaml', COMBINED))
  expect({ code, out, error }).toEqual({ code: 0, out: '1 of 1 rules can be used\n', error: '' })
})

test('a combined rule of a rule that does not exist is a fault, with the nearest id', async () => {
  const text = COMBINED.replace('list: apiserver.list-from-etcd', 'list: apiserver.list-from-etc')
  const { code, error } = await run('check', write('unknown-part.yaml', text))
  expect(code).toBe(3)
  expect(error).toContain(
    'unknown-part.yaml:5:9: combine.list: there is no rule "apiserver.list-from-etc"; did you mean apiserver.list-from-etcd?',
  )
})

test('the folders below a folder are read, hidden ones are not: a mounted ConfigMap repeats its files there', async () => {
  const own = mkdtempSync(join(folder, 'families-'))
  for (const name of ['own/lists', '..2026_11_30']) {
    mkdirSync(join(own, name), { recursive: true })
    writeFileSync(join(own, name, 'good.yaml'), GOOD)
  }
  const { code, out } = await run('check', own)
  expect({ code, out }).toEqual({ code: 0, out: '1 of 1 rules can be used\n' })
})

test('a changed copy of a built-in rule is checked in its place', async () => {
  const file = new URL('../../../rules/x/quiet-lock.yaml', import.meta.url)
  const { code, error } = await run('check', write('copy.yaml', readFileSync(file, 'utf8')))
  expect({ code, error }).toEqual({ code: 0, error: '' })
})

test('a folder is checked whole, its overrides by the rules that there are', async () => {
  const own = mkdtempSync(join(folder, 'own-'))
  writeFileSync(join(own, 'good.yaml'), GOOD)
  writeFileSync(join(own, 'overrides.yaml'), `overrides:\n${mute('apiserver.gzip')}`)
  expect(await run('check', own)).toMatchObject({ code: 0, out: '1 of 1 rules can be used\n' })
  writeFileSync(join(own, 'overrides.yaml'), `overrides:\n${mute('apiserver.gzp')}`)
  const { code, error } = await run('check', own)
  expect(code).toBe(3)
  expect(error).toMatch(
    /overrides\.yaml:2:12: overrides\.0\.rule: there is no rule "apiserver\.gzp"/,
  )
})

test('a metric that no component has is reported with the one that was probably meant', async () => {
  const text = `${GOOD}metrics:\n  - {en: x, zh: 某, counter: workqueue_add_total}\n`
  const { error } = await run('check', write('metric.yaml', text))
  expect(error).toMatch(
    /metric\.yaml:\d+:\d+: .*"workqueue_add_total"; did you mean workqueue_adds_total\?/,
  )
})
