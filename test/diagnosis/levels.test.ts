import { describe, expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, findingOn, makeRules, reportOn } from './make-rule.ts'

const rules = makeRules({
  where: { any: ['hot'] },
  levels: { info: 'lo >= 0.1 and cores >= 0.05', warning: 'lo >= 0.2 and cores >= 0.2' },
})

describe('of CPU samples', () => {
  test('the lower bound decides, so the same share needs more samples', () => {
    expect(findingOn(cpuProfile('hot 75\ncold 225'), rules)?.level).toBe('info')
    expect(findingOn(cpuProfile('hot 300\ncold 900'), rules)?.level).toBe('warning')
  })

  test('a share of next to nothing stays silent', () => {
    expect(findingOn(cpuProfile('hot 300\ncold 100', 100), rules)).toBeNull()
  })

  test('fewer than a hundred are worth a hint at most', () => {
    const finding = findingOn(cpuProfile('hot 60\ncold 20', 1), rules)
    expect(finding?.level).toBe('info')
    expect(finding?.evidence.at(-1)?.text).toMatch(/Too few samples/)
  })

  test('fewer than thirty give no finding, and the report says why', () => {
    const { findings, notes } = reportOn(cpuProfile('hot 20', 1), rules)
    expect(findings).toEqual([])
    expect(notes.map(({ code }) => code)).toContain('too_few_samples')
  })

  test('without a duration the impact is unknown, so it is a hint', () => {
    const profile = profileFromFolded('hot 900000000\ncold 100000000', {
      type: 'cpu',
      unit: 'nanoseconds',
    })
    const [finding] = diagnose([{ path: '-', profile }], rules, { language: 'en' }).findings
    expect(finding?.level).toBe('info')
    expect(finding?.evidence.at(-1)?.text).toMatch(/impact in cores is unknown/)
  })
})

describe('of values that count since the process started', () => {
  const waits = makeRules({
    reads: 'block',
    where: { any: ['wait'] },
    levels: { info: 'mean >= 10ms', critical: 'mean >= 100ms' },
  })
  const types = [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ]
  const folded = 'wait; sync.(*Mutex).Lock 10 5000000000'

  test('a lone profile raises nothing above info', () => {
    const profile = profileFromFolded(folded, types)
    const { findings, notes } = reportOn(profile, waits)
    expect(findings.map(({ level }) => level)).toEqual(['info'])
    expect(notes.map(({ code }) => code)).toContain('since_start')
  })

  test('what has a duration is a delta', () => {
    const profile = profileFromFolded(folded, types, { durationNs: 30_000_000_000n })
    expect(reportOn(profile, waits).findings.map(({ level }) => level)).toEqual(['critical'])
  })
})

describe('a rule', () => {
  test('for one component is not tried on another', () => {
    const forEtcd = makeRules({
      components: ['etcd'],
      where: { any: ['hot'] },
      levels: { info: 'lo > 0' },
    })
    const judge = (component: string | null, stack = 'hot') =>
      diagnose([{ path: '-', profile: cpuProfile(`${stack} 200`), component }], forEtcd, {
        language: 'en',
      }).findings.length
    expect(judge('etcd')).toBe(1)
    expect(judge('kube-apiserver')).toBe(0)
    expect(judge('k3s')).toBe(1)
    // Of an unknown one its own code is asked for: any program may compress, or use etcd's database.
    expect(judge(null)).toBe(0)
    expect(judge(null, 'go.etcd.io/etcd/client/v3.(*kv).Do; hot')).toBe(1)
  })

  test('for other versions is not tried', () => {
    const old = makeRules({
      versions: '<1.25',
      where: { any: ['hot'] },
      levels: { info: 'lo > 0' },
    })
    const judge = (kubernetesVersion: string) =>
      diagnose([{ path: '-', profile: cpuProfile('hot 200'), kubernetesVersion }], old, {
        language: 'en',
      }).findings.length
    expect(judge('v1.24.17')).toBe(1)
    expect(judge('1.24-1.26')).toBe(1)
    expect(judge('v1.25.0')).toBe(0)
  })

  test('that is normal at the start is a hint for ten minutes', () => {
    const start = makeRules({
      normalAtStart: true,
      where: { any: ['hot'] },
      levels: { warning: 'lo > 0' },
    })
    const judge = (uptimeSeconds: number) =>
      diagnose([{ path: '-', profile: cpuProfile('hot 200'), uptimeSeconds }], start, {
        language: 'en',
      }).findings[0]?.level
    expect(judge(60)).toBe('info')
    expect(judge(3600)).toBe('warning')
  })

  test('that is normal at the start under a condition is a hint where that holds', () => {
    const start = makeRules({
      normalAtStart: 'not metrics.made >= 1',
      where: { any: ['hot'] },
      levels: { warning: 'lo > 0' },
      metrics: [{ as: 'made', en: 'Made', zh: '创建', counter: 'made_total' }],
    })
    const judge = (made: number) =>
      diagnose([{ path: '-', profile: cpuProfile('hot 200'), uptimeSeconds: 60 }], start, {
        language: 'en',
        metricsBefore: 'made_total 100\nseen_total 1\n',
        metrics: `made_total ${100 + made}\nseen_total 2\n`,
      }).findings[0]?.level
    expect(judge(0)).toBe('info')
    expect(judge(50)).toBe('warning')
  })
})
