import { describe, expect, test } from 'vitest'
import { type CaptureFacts, diagnose, type DiagnosisInput } from '../../diagnosis/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, makeRules } from './make-rule.ts'
import { itemOf } from '../item-of.ts'

const WAITS = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]
const HEAP = [
  { type: 'alloc_objects', unit: 'count' },
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_objects', unit: 'count' },
  { type: 'inuse_space', unit: 'bytes' },
]
const text = { en: 'x', zh: '某' }

function heap(folded: string, timeNs: bigint) {
  return profileFromFolded(folded, HEAP, { timeNs })
}

function waits(folded: string, atSeconds: number) {
  return profileFromFolded(folded, WAITS, { timeNs: BigInt(atSeconds) * 1_000_000_000n })
}

describe('of a profile with an earlier one of the same process', () => {
  const rules = makeRules({
    reads: 'block',
    where: { any: ['wait'] },
    levels: { info: 'rate >= 0.1', warning: 'rate >= 1' },
  })

  function report(input: Omit<DiagnosisInput, 'path'>) {
    return diagnose([{ path: 'block.pb.gz', ...input }], rules, { language: 'en' })
  }

  test('what has grown in between is judged, by the time in between', () => {
    const { findings, notes } = report({
      previous: waits('wait 100 500000000000', 1000),
      profile: waits('wait 160 560000000000', 1030),
    })
    expect(findings).toMatchObject([{ level: 'warning', value: 60_000_000_000, count: 60 }])
    expect(notes.map(({ code }) => code)).not.toContain('since_start')
  })

  test('a storm long gone is not seen again', () => {
    const { findings } = report({
      previous: waits('wait 100 500000000000', 1000),
      profile: waits('wait 101 500000000100', 1030),
    })
    expect(findings).toEqual([])
  })

  test('a value that fell means a restart: the profile is judged alone, and a note reports it', () => {
    const { notes } = report({
      previous: waits('wait 100 500000000000', 1000),
      profile: waits('wait 10 50000000000', 1030),
    })
    expect(notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['restarted', 'since_start']),
    )
  })

  test('an earlier capture that is later is reported', () => {
    const { notes } = report({
      previous: waits('wait 100 500000000000', 2000),
      profile: waits('wait 110 550000000000', 1000),
    })
    expect(notes.map(({ code }) => code)).toContain('out_of_order')
  })

  test('what is held is still judged as it is now', () => {
    const heapRules = makeRules(
      { reads: 'inuse_space', where: { any: ['keep'] }, levels: { info: 'share >= 0.5' } },
      { reads: 'alloc_space', where: { any: ['churn'] }, levels: { warning: 'share >= 0.5' } },
    )
    const { findings } = diagnose(
      [
        {
          path: 'heap',
          previous: heap('keep 1 1000 1 1000\nchurn 1 10 0 0', 1_000_000_000n),
          profile: heap('keep 1 1000 1 1000\nchurn 9 900 1 10', 31_000_000_000n),
        },
      ],
      heapRules,
      { language: 'en' },
    )
    expect(findings.map(({ rule, level }) => [rule, level])).toEqual([
      ['test.1', 'warning'],
      ['test.0', 'info'],
    ])
  })
})

describe('metrics of the process', () => {
  const rules = makeRules({
    where: { any: ['hot'] },
    levels: { info: 'lo > 0' },
    metrics: [
      { ...text, counter: 'lists_total', by: 'resource', where: { verb: 'LIST' } },
      { ...text, gauge: 'depth', by: 'name' },
      { ...text, average: 'took_seconds' },
    ],
  })
  function metricTexts(input: Partial<DiagnosisInput>, facts: CaptureFacts) {
    const report = diagnose([{ path: 'cpu', profile: hotAt(1300), ...input }], rules, {
      language: 'en',
      ...facts,
    })
    const evidence = itemOf(report.findings).evidence.filter(({ kind }) => kind === 'metric')
    return { report, texts: evidence.map((item) => item.text) }
  }

  test('are reported as counts since the start with one page', () => {
    const { texts } = metricTexts({}, { metrics: page(400) })
    expect(texts).toEqual([
      'x: pods 400, a "b" }c 7 (since the process started)',
      'x: q 5',
      'x: 250 ms (since the process started)',
    ])
  })

  test('are those with one of several values of a label', () => {
    const some = { gauge: 'depth', where: { name: 'q | r' } }
    const metrics = 'depth{name="q"} 5\ndepth{name="r"} 3\ndepth{name="s"} 9\n'
    const several = makeRules({
      where: { any: ['hot'] },
      levels: { info: 'metrics.waiting >= 8' },
      metrics: [
        { ...text, ...some, by: 'name' },
        { ...some, as: 'waiting' },
      ],
    })
    const inputs = [{ path: 'cpu', profile: hotAt(1300) }]
    const { findings } = diagnose(inputs, several, { language: 'en', metrics })
    expect(itemOf(findings).evidence.find(({ kind }) => kind === 'metric')?.text).toBe(
      'x: q 5, r 3',
    )
  })

  test('are totals and averages of the whole life where a rule asks for these, also with two pages', () => {
    const since = { since: 'start' }
    const total = { counter: 'lists_total', where: { resource: 'pods', verb: 'LIST' }, ...since }
    const whole = makeRules({
      where: { any: ['hot'] },
      levels: { info: 'metrics.all >= 400 and metrics.took == 250ms' },
      metrics: [
        { ...text, ...total, as: 'all' },
        { average: 'took_seconds', ...since, as: 'took' },
      ],
    })
    const facts = { metrics: page(400), metricsBefore: page(250) }
    const input = { path: 'cpu', profile: hotAt(1300) }
    const { findings } = diagnose([input], whole, { language: 'en', ...facts })
    expect(itemOf(findings).evidence.find(({ kind }) => kind === 'metric')?.text).toBe(
      'x: 400 (since the process started)',
    )
  })

  test('are reported as rates with two pages', () => {
    const facts = { metrics: page(400), previousMetrics: page(100) }
    expect(metricTexts({ previous: hotAt(1270) }, facts).texts[0]).toBe('x: pods 10/s')
  })

  test('rates over the time of the CPU profile come first, a longer time after them', () => {
    const facts = { metrics: page(400), metricsBefore: page(250), previousMetrics: page(100) }
    expect(metricTexts({ previous: hotAt(1270) }, facts).texts[0]).toBe(
      'x: pods 15/s; since the earlier capture: pods 10/s',
    )
  })

  test('of another process, after a restart, are not the start of a rate', () => {
    const facts = {
      metrics: `process_start_time_seconds 900\n${page(400)}`,
      metricsBefore: `process_start_time_seconds 100\n${page(250)}`,
    }
    expect(metricTexts({}, facts).texts[0]).toMatch(/^x: pods 400, .*since the process started/)
  })

  test('show version and age', () => {
    const { report } = metricTexts({}, { metrics: page(1) })
    expect(report.inputs[0]).toMatchObject({ kubernetesVersion: 'v1.33.2', goVersion: '1.24.4' })
  })
})

describe('logs of the process', () => {
  const rules = makeRules(
    { where: { any: ['hot'] }, levels: { info: 'lo > 0' }, logs: ['Waited for \\S+ due to'] },
    { where: { any: ['cold'] }, levels: { info: 'lo > 0' }, logs: ['slow fdatasync'] },
  )
  const log = `
I1121 10:00:00.000000       1 request.go:697] Waited for 1.1s due to client-side throttling
I1121 10:00:01.000000       1 request.go:697] Waited for 2.5s due to client-side throttling
{"msg":"slow fdatasync","took":"1.2s"}
`

  test('confirm a finding, or show something that no profile does', () => {
    const { findings, notes } = diagnose([{ path: '-', profile: cpuProfile('hot 300') }], rules, {
      language: 'en',
      logs: [{ name: 'kcm.log', text: log }],
    })
    const evidence = itemOf(findings).evidence.find(({ kind }) => kind === 'log')
    expect(evidence?.text).toBe(
      'kcm.log: 2 such lines, the last: Waited for 2.5s due to client-side throttling',
    )
    expect(notes.filter(({ code }) => code === 'log_line').map((note) => note.text)).toEqual([
      'The log has lines of test.1 (x), which no profile here shows. kcm.log: 1 such lines, the last: {"msg":"slow fdatasync","took":"1.2s"}',
    ])
  })
})

function page(pods: number): string {
  return `
# HELP lists_total of lists
lists_total{resource="pods",verb="LIST"} ${pods}
lists_total{resource="a \\"b\\" }c",verb="LIST"} 7
lists_total{resource="pods",verb="GET"} 1e9
depth{name="q"} 5
took_seconds_sum ${pods}
took_seconds_count ${pods * 4}
process_start_time_seconds 1000
kubernetes_build_info{git_version="v1.33.2"} 1
go_info{version="go1.24.4"} 1
broken{ 1
`
}
function hotAt(seconds: number) {
  return { ...cpuProfile('hot 300'), timeNs: BigInt(seconds) * 1_000_000_000n }
}

function versionsOf(inputs: readonly DiagnosisInput[], metrics: string | null = null) {
  const { inputs: judged } = diagnose(inputs, makeRules(), { language: 'en', metrics })
  return judged.map(({ kubernetesVersion }) => kubernetesVersion)
}

describe('the profiles of one process', () => {
  const apiserver = 'k8s.io/kubernetes/cmd/kube-apiserver/app.Run'
  const exact = 'k8s.io/apiserver/pkg/server.New @/go/pkg/mod/k8s.io/apiserver@v0.30.4/pkg/a.go'
  const cpu = cpuProfile(`${apiserver} 90\n${exact} 90`)
  const vague = cpuProfile(`${apiserver} 90\nk8s.io/apiserver/pkg/storage/etcd3.decodeListItem 90`)

  test('agree on the most exact version that one of them shows', () => {
    const inputs = [
      { path: 'a', profile: vague },
      { path: 'b', profile: cpu },
    ]
    expect(versionsOf(inputs)).toEqual(['v1.30.4', 'v1.30.4'])
  })

  test('do not take the version of another component', () => {
    const inputs = [
      { path: 'a', profile: vague },
      { path: 'b', profile: cpu, component: 'kube-scheduler' },
    ]
    expect(versionsOf(inputs)).toEqual(['1.30-1.31', 'v1.30.4'])
  })

  test('use what the process exports about itself', () => {
    const page = 'kubernetes_build_info{git_version="v1.31.2"} 1\n'
    expect(versionsOf([{ path: 'a', profile: vague }], page)).toEqual(['v1.31.2'])
  })
})
