import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeProfile, type Profile, profileFromFolded } from '../../profile/index.ts'
import type { CaptureFile } from '../../judge/capture-contents.ts'
import { readCapture } from '../../judge/read-capture.ts'
import { judgeCapture } from '../../judge/judge-capture.ts'
import { loadRules } from '../../judge/load-rules.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'
import { itemOf } from '../item-of.ts'

const { ruleSet } = await loadRules()
const LIST = 'k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList'
const SICK = cpuProfile(`${LIST}; k8s.io/apiserver/pkg/storage/etcd3.decodeListItem 1500`)

function file(name: string, content: Profile | string): CaptureFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : encodeProfile(content)
  return { name, read: () => gzipSync(bytes) }
}

const lockWaits = (delaySeconds: number, atSeconds: number) =>
  profileFromFolded(
    `k8s.io/apiserver/pkg/storage/cacher.(*Cacher).Get; sync.(*Mutex).Lock ${delaySeconds} ${delaySeconds}000000000`,
    [
      { type: 'contentions', unit: 'count' },
      { type: 'delay', unit: 'nanoseconds' },
    ],
    { timeNs: BigInt(atSeconds) * 1_000_000_000n },
  )

test('profiles, metrics, version and logs of a capture make one report in both languages', async () => {
  const capture = await readCapture([
    file('cpu.pb.gz', SICK),
    file(
      'metrics-before.txt',
      'etcd_request_duration_seconds_count{operation="list",type="pods"} 10\n',
    ),
    file('metrics.txt', 'etcd_request_duration_seconds_count{operation="list",type="pods"} 30\n'),
    file('version.json', '{"gitVersion":"v1.30.4"}'),
    file('a.log', 'RequestWatchProgress feature is not supported by "x"\n'),
    file('trace.out', 'go 1.26 trace'),
  ])
  expect(capture.faults).toEqual([])
  const { reports, ...facts } = judgeCapture(
    capture,
    { component: 'kube-apiserver', earlier: [] },
    ruleSet,
  )
  const { rule, level, title, share, evidence } = itemOf(reports.en.findings)
  const titleZh = itemOf(reports.zh.findings).title
  expect(facts.worstFinding).toEqual({ rule, level, title, titleZh, share })
  expect(facts.worstFinding).toMatchObject({ rule: 'apiserver.list-from-etcd', level: 'critical' })
  expect(facts.findingCount).toBe(reports.en.findings.length)
  expect(facts.origins).toMatchObject([
    { component: 'kube-apiserver', kubernetesVersion: 'v1.30.4' },
  ])
  expect(reports.en.inputs).toMatchObject([{ path: 'cpu.pb.gz', kubernetesVersion: 'v1.30.4' }])
  const texts = evidence.map(({ text }) => text)
  expect(texts).toContain('Lists that etcd was asked for: pods 2/s')
  expect(texts.join()).toMatch(/a\.log: 1 such lines/)
  expect(titleZh).toMatch(/^列出对象时绕过/)
})

test('what counts since the start is judged by the earlier capture of the process', async () => {
  const now = await readCapture([file('block.pb.gz', lockWaits(900, 1030))])
  const before = await readCapture([file('block.pb', lockWaits(600, 1000))])
  const judged = (...earlier: (typeof before)[]) =>
    judgeCapture(now, { component: 'kube-apiserver', earlier }, ruleSet).reports.en.findings
  expect(judged(before)).toMatchObject([{ rule: 'apiserver.cacher-lock', level: 'critical' }])
  expect(judged().every(({ level }) => level === 'info')).toBe(true)
})

test('a file that cannot be read is named, and the others are judged', async () => {
  const broken: CaptureFile = { name: 'heap.pb.gz', read: () => Buffer.from('no profile, no') }
  const capture = await readCapture([broken, file('cpu.pb.gz', SICK)])
  expect(capture.faults).toMatchObject([{ name: 'heap.pb.gz' }])
  expect(capture.profiles.map(({ name }) => name)).toEqual(['cpu.pb.gz'])
})

const goroutines = (waiting: number, hour: number) =>
  profileFromFolded(
    `main.serve.func1; runtime.chanrecv1 ${waiting}\nmain.main 10`,
    [{ type: 'goroutine', unit: 'count' }],
    { timeNs: BigInt(1_700_000_000 + hour * 3600) * 1_000_000_000n },
  )

const captureAt = (waiting: number, hour: number) =>
  readCapture([file('goroutine.pb.gz', goroutines(waiting, hour))])

test('several earlier captures show steady growth, with the earlier values', async () => {
  const earlier = await Promise.all(
    [0, 1, 2, 3, 4].map((hour) => captureAt(1000 + 300 * hour, hour)),
  )
  const now = await captureAt(2500, 5)
  const [finding] = judgeCapture(now, { component: null, earlier }, ruleSet).reports.en.findings
  expect(finding).toMatchObject({ rule: 'runtime.goroutine-leak', level: 'warning' })
  expect(finding?.meaning).toMatch(/^1,500 more goroutines .* the first of 6 captures/)
  expect(finding?.evidence.map(({ text }) => text)).toContain(
    'Before: 1,000 (5 captures before); now 2,500, growing by 411% a day',
  )
})

test('a few minutes do not show the growth of a day', async () => {
  const captures = await Promise.all([0, 1].map((row) => captureAt(1000 + 300 * row, row / 60)))
  const { findings } = judgeCapture(
    itemOf(captures, 1),
    { component: null, earlier: captures.slice(0, 1) },
    ruleSet,
  ).reports.en
  const texts = findings.flatMap(({ evidence }) => evidence.map(({ text }) => text))
  expect(texts).toContain('Before: 1,000 (the capture before); now 1,300')
})

test('a count that comes and goes is not a leak', async () => {
  const counts = [1000, 4000, 900, 3800, 1100, 4100]
  const captures = await Promise.all(counts.map((count, hour) => captureAt(count, hour)))
  const { findings } = judgeCapture(
    itemOf(captures, 5),
    { component: null, earlier: captures.slice(0, 5) },
    ruleSet,
  ).reports.en
  expect(findings.map(({ rule }) => rule)).not.toContain('runtime.goroutine-leak')
})

const cpuAt = (ticks: number, hour: number) => {
  const profile = cpuProfile(`runtime.mcall; runtime.schedule ${ticks}\nexample.org/a.Other 900`)
  return { ...profile, timeNs: BigInt(1_700_000_000 + hour * 3600) * 1_000_000_000n }
}

test('what rose far above its base is noted before it is worth a finding', async () => {
  const shares = [20, 24, 18, 22, 20, 130]
  const captures = await Promise.all(
    shares.map((ticks, hour) => readCapture([file('cpu.pb.gz', cpuAt(ticks, hour))])),
  )
  const judged = (now: number, earlier: number) =>
    judgeCapture(
      itemOf(captures, now),
      { component: null, earlier: captures.slice(0, earlier) },
      ruleSet,
    )
  const [note] = judged(5, 5).reports.en.notes.filter(({ code }) => code === 'risen')
  expect(note?.text).toMatch(/^What runtime\.sched-overhead .* took 2\.2% .* takes 13% now/)
  expect(judged(4, 4).reports.en.notes.map(({ code }) => code)).not.toContain('risen')
})
