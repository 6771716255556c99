import { describe, expect, test } from 'vitest'
import type { Language } from '../../api/index.ts'
import { diagnose, type DiagnosisInput } from '../../diagnosis/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, makeRules } from './make-rule.ts'

const rules = makeRules(
  { components: ['etcd'], where: { any: ['hot'] }, levels: { info: 'lo > 0' } },
  { components: ['*'], where: { any: ['warm'] }, levels: { info: 'lo > 0' } },
  { components: ['*'], reads: 'goroutine', where: { any: ['x'] }, levels: { info: 'count > 0' } },
)
const busy = cpuProfile('main.main 300')
const goroutines = profileFromFolded('main.main 9', { type: 'goroutine', unit: 'count' })
const waits = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]

function reportOf(inputs: readonly Partial<DiagnosisInput>[], language: Language = 'en') {
  const whole = inputs.map((input) => ({ path: 'a.pb.gz', profile: busy, ...input }))
  return diagnose(whole, rules, { language })
}

function summaryOf(inputs: readonly Partial<DiagnosisInput>[], language: Language = 'en') {
  const { findings, summary } = reportOf(inputs, language)
  expect(findings).toEqual([])
  return summary
}

function textsOf(inputs: readonly Partial<DiagnosisInput>[]) {
  return reportOf(inputs).notes.map(({ text }) => text)
}

describe('that nothing stands out', () => {
  test('is reported for a component that has rules, with the rules that checked its profiles', () => {
    expect(summaryOf([{ component: 'etcd' }])).toEqual({
      isClear: true,
      text: 'Nothing stands out in cpu. cpu: 1 rules for etcd and 1 for any Go program looked at it.',
    })
  })

  test.each([
    [
      'a component without rules',
      [{ component: 'kube-proxy' }],
      /none that read it are for kube-proxy/,
    ],
    ['an unknown component', [{ component: null }], /the component is unknown/],
    [
      'a profile with too few samples',
      [{ component: 'etcd', profile: cpuProfile('main.main 12') }],
      /cpu was not judged: it has too few samples/,
    ],
    [
      'a profile without samples',
      [{ component: 'etcd', profile: cpuProfile('') }],
      /it has no samples/,
    ],
    [
      'a printed report without whole stacks',
      [
        {
          component: 'etcd',
          profile: { ...busy, warnings: [{ code: 'partial_stacks', text: 'Text of pprof -top.' }] },
        },
      ],
      /cpu was not judged: it is a printed report without whole stacks/,
    ],
    [
      'a profile that only general rules read',
      [{ component: 'etcd', profile: goroutines }],
      /goroutine: 1 rules for any/,
    ],
    [
      'waits since the start',
      [{ component: 'etcd', profile: profileFromFolded('a 5 900', waits) }],
      /no rule reads it/,
    ],
  ])('is not reported for %s', (_, inputs, reason) => {
    const summary = summaryOf(inputs)
    expect(summary?.isClear).toBe(false)
    expect(summary?.text).toMatch(/^No finding, but this is not an all-clear\./)
    expect(summary?.text).toMatch(reason)
  })

  test('names what was left out beside what was judged', () => {
    const summary = summaryOf([
      { component: 'etcd' },
      { component: 'etcd', profile: profileFromFolded('', { type: 'goroutine', unit: 'count' }) },
    ])
    expect(summary?.isClear).toBe(true)
    expect(summary?.text).toMatch(/in cpu\. .* goroutine was not judged: it has no samples\.$/)
  })

  test('is reported for a program of its own that rules for clients of Kubernetes read', () => {
    const forClients = makeRules({
      id: 'client.busy',
      components: ['*'],
      where: { any: ['hot'] },
      levels: { info: 'lo > 0' },
    })
    const summaryIn = (stack: string) => {
      const inputs = [{ path: 'a.pb.gz', profile: cpuProfile(stack), component: 'my-operator' }]
      return diagnose(inputs, forClients, { language: 'en' })
    }
    const client = summaryIn('main.main; k8s.io/client-go/rest.(*Request).Do 300')
    expect(client.notes).toEqual([])
    expect(client.summary).toEqual({
      isClear: true,
      text: 'Nothing stands out in cpu. cpu: 1 rules for clients of Kubernetes and 0 for any Go program looked at it.',
    })
    const other = summaryIn('main.main 300')
    expect(other.notes.map(({ code }) => code)).toEqual(['component_without_rules'])
    expect(other.summary?.isClear).toBe(false)
  })

  test('is not reported with a finding', () => {
    const profile = cpuProfile('hot 300')
    expect(reportOf([{ component: 'etcd', profile }]).summary).toBeUndefined()
  })

  test('is reported in Chinese as well', () => {
    expect(summaryOf([{ component: 'etcd' }], 'zh')?.text).toMatch(/^cpu 中未发现异常。/)
    expect(summaryOf([{ component: 'kube-proxy' }], 'zh')?.text).toMatch(/^没有发现问题/)
  })
})

describe('a note', () => {
  const block = profileFromFolded('', waits)

  test('that is true of several profiles is reported once, with their types', () => {
    const { notes } = reportOf([
      { component: 'etcd', profile: cpuProfile('') },
      { component: 'etcd', profile: profileFromFolded('', { type: 'goroutine', unit: 'count' }) },
    ])
    expect(notes).toEqual([
      { code: 'no_samples', text: 'cpu, goroutine: The profile has no samples.', input: null },
    ])
  })

  test.each([
    ['etcd', /etcd never turns block profiling on/],
    ['kube-scheduler', /--contention-profiling/],
    ['kubelet', /enableContentionProfiling/],
    ['my-operator', /runtime\.SetBlockProfileRate/],
    [null, /runtime\.SetBlockProfileRate/],
  ])('names what turns block profiling on in %s', (component, hint) => {
    const inputs = [{ component, type: 'block' as const, profile: block }]
    expect(textsOf(inputs).join('\n')).toMatch(hint)
  })

  test('of what counts since the start is not there beside what is held now', () => {
    const heap = profileFromFolded('main.main 9 4000000 5 2000000', [
      { type: 'alloc_objects', unit: 'count' },
      { type: 'alloc_space', unit: 'bytes' },
      { type: 'inuse_objects', unit: 'count' },
      { type: 'inuse_space', unit: 'bytes' },
    ])
    const { notes } = reportOf([{ component: 'etcd', profile: heap }])
    expect(notes.map(({ code }) => code)).not.toContain('since_start')
  })

  test('says that the process holds more than its last collection left', () => {
    const heap = profileFromFolded('main.main 2000000000', { type: 'inuse_space', unit: 'bytes' })
    const codes = (metrics: string) =>
      diagnose([{ path: 'heap', profile: heap, component: 'etcd' }], rules, {
        language: 'en',
        metrics,
      }).notes.map(({ code }) => code)
    expect(codes('go_memstats_heap_alloc_bytes 5.5e9\n')).toContain('heap_of_last_gc')
    expect(codes('go_memstats_heap_alloc_bytes 2.4e9\n')).not.toContain('heap_of_last_gc')
  })

  test('names the components without rules', () => {
    expect(textsOf([{ component: 'kube-proxy' }])).toEqual([
      'No rule for kube-proxy reads this: only those for any Go program were tried.',
    ])
    expect(textsOf([{ component: 'etcd' }])).toEqual([])
  })
})
