import { expect, test } from 'vitest'
import type { Finding } from '../../../api/index.ts'
import { reportMarkdown } from '../../../web/findings/report-markdown.ts'
import { en } from '../../../web/texts/en.ts'

const finding: Finding = {
  rule: 'apiserver.list-from-etcd',
  group: null,
  input: 0,
  shareHigh: 0.5,
  level: 'warning',
  title: 'LIST is answered by etcd',
  profile: 'cpu',
  value: 4,
  unit: 'nanoseconds',
  share: 0.44,
  shareLow: 0.4,
  count: 4,
  cores: null,
  meaning: 'Whole lists are read.',
  frames: [],
  evidence: [
    { kind: 'numbers', text: '44% of <b>CPU</b>' },
    { kind: 'stack', text: 'heaviest', stack: ['main', 'a```b'] },
  ],
  remedy: ['Ask for resourceVersion=0.'],
  next: [],
  also: [],
  sources: [],
}

test('a report becomes Markdown that names from outside cannot break', () => {
  const text = reportMarkdown(
    { version: 1, language: 'en', inputs: [], gc: null, findings: [finding], notes: [] },
    { title: 'kube-apiserver cpu', url: 'http://kubeprof/profiles/1', texts: en },
  )
  expect(text).toContain('### warning: LIST is answered by etcd (44%)')
  expect(text).toContain(String.raw`- 44% of \<b\>CPU\</b\>`)
  expect(text).toContain('1. Ask for resourceVersion=0.')
  expect(text).toContain('````\nmain\na```b\n````')
})

test('a finding that metrics decide is headed by what they say', () => {
  const evidence = [{ kind: 'metric' as const, text: 'Waiting: 9' }, ...finding.evidence]
  const text = reportMarkdown(
    {
      version: 1,
      language: 'en',
      inputs: [],
      gc: null,
      findings: [{ ...finding, evidence }],
      notes: [],
    },
    { title: 'kube-apiserver cpu', url: 'http://kubeprof/profiles/1', texts: en },
  )
  expect(text).toContain('### warning: LIST is answered by etcd (Waiting: 9)')
})
