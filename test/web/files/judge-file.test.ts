import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { judgeProfile, loadRules } from '../../../judge/index.ts'
import { decodeColumns } from '../../../profile/index.ts'
import { judgeFile } from '../../../web/local-profiles/judge-file.ts'

const NAME = 'cpu.pb.gz'
const bytes = await readFile(
  new URL(`../../../examples/apiserver-list-no-rv/${NAME}`, import.meta.url),
)
const { ruleSet } = await loadRules()

test('a file is judged in the browser as the server judges it', () => {
  const { summary, columns, reports } = judgeFile({ name: NAME, bytes, nowMs: 0 }, ruleSet)
  const profile = decodeColumns(new Uint8Array(columns))
  const source = { component: null, type: null, fileName: NAME, target: null }
  const judged = judgeProfile(profile, source, ruleSet)
  expect(reports).toEqual(judged.reports)
  expect(reports.en.findings.map(({ rule }) => rule)).toContain('apiserver.list-from-etcd')
  expect(summary).toMatchObject({
    component: 'kube-apiserver',
    type: 'cpu',
    status: 'ready',
    fileName: NAME,
    sizeBytes: bytes.length,
    worstFinding: judged.worstFinding,
    findingCount: judged.findingCount,
  })
})

test('what is not a profile is refused with the reason', () => {
  const page = new TextEncoder().encode('<!doctype html><title>Sign in</title>')
  expect(() => judgeFile({ name: 'x', bytes: page, nowMs: 0 }, ruleSet)).toThrow(/HTML/)
})
