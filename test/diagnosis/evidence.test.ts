import { expect, test } from 'vitest'
import { diagnose, judge, summariseJudgement } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import { type Profile, profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, findingOn, makeRules, reportOn } from './make-rule.ts'

const levels = { info: 'lo > 0' }

function textsOf(kind: string, folded: string, rule: Readonly<Record<string, unknown>>) {
  const finding = findingOn(cpuProfile(folded), makeRules({ levels, ...rule }))
  return finding?.evidence.filter((item) => item.kind === kind).map(({ text }) => text)
}

test('callers are the nearest functions of another package, closures by what they are in', () => {
  const scan = 'k8s.io/client-go/tools/cache.ListAll; k8s.io/client-go/tools/cache.(*store).List'
  const folded = `
    example.org/a.Run; example.org/b.(*sync).do.func1; reflect.Value.Call; ${scan} 600
    example.org/a.Run; ${scan} 350
    example.org/a.Rare; ${scan} 20
    main.main 30
  `
  const where = { any: ['@cg/tools/cache.ListAll'] }
  expect(textsOf('callers', folded, { where, callers: true })).toEqual([
    'Called by: example.org/b.(*sync).do 62%, example.org/a.Run 36%',
  ])
  expect(textsOf('callers', folded, { where })).toEqual([])
})

test('closures are told apart where they are of one function alone', () => {
  const folded = `
    example.org/a.Run; main.main.func1; k8s.io/client-go/tools/cache.ListAll 450
    example.org/a.Run; main.main.func2; k8s.io/client-go/tools/cache.ListAll 500
    main.other; k8s.io/client-go/tools/cache.ListAll 50
  `
  const where = { any: ['@cg/tools/cache.ListAll'] }
  expect(textsOf('callers', folded, { where, callers: true })).toEqual([
    'Called by: main.main.func2 50%, main.main.func1 45%, main.other 5.0%',
  ])
})

test('callers within a library are skipped if the rule says so', () => {
  const wait = 'k8s.io/client-go/rest.(*Request).Do; k8s.io/client-go/rest.(*Request).tryThrottle'
  const folded = `
    example.org/deploy.(*Controller).sync; k8s.io/client-go/gentype.(*Client[...]).Update; ${wait} 60
    example.org/quota.(*Controller).sync; k8s.io/client-go/gentype.(*Client[...]).Get; ${wait} 40
  `
  const where = { any: ['@cg/rest.(*Request).tryThrottle'] }
  const throttled = { where, levels: { info: 'count >= 1' } }
  expect(textsOf('callers', folded, { ...throttled, callers: true })).toEqual([
    'Called by: k8s.io/client-go/gentype.(*Client[...]).Update 60%, k8s.io/client-go/gentype.(*Client[...]).Get 40%',
  ])
  expect(textsOf('callers', folded, { ...throttled, callers: 'k8s.io/client-go' })).toEqual([
    'Called by: example.org/deploy.(*Controller).sync 60%, example.org/quota.(*Controller).sync 40%',
  ])
})

test('callers within several libraries are skipped if the rule names them', () => {
  const asks = 'k8s.io/client-go/rest.(*Request).Do; k8s.io/client-go/rest.(*Request).tryThrottle'
  const folded = `
    sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).reconcileHandler; main.main.func2; sigs.k8s.io/controller-runtime/pkg/client.New; sigs.k8s.io/controller-runtime/pkg/client/apiutil.(*mapper).RESTMapping; ${asks} 60
  `
  const where = { any: ['@cg/rest.(*Request).tryThrottle'] }
  const callers = 'k8s.io/client-go | sigs.k8s.io/controller-runtime/pkg/client'
  expect(textsOf('callers', folded, { where, callers, levels: { info: 'count >= 1' } })).toEqual([
    'Called by: main.main 100%',
  ])
})

test('without paths the nearest own function above the leaf is reported', () => {
  const folded = `
    example.org/a.Decode; runtime.mallocgc; runtime.gcAssistAlloc 300
    main.work 600
  `
  expect(
    textsOf('callers', folded, { measures: { assist: { classes: ['gc.assist'] } }, callers: true }),
  ).toEqual(['Called by: example.org/a.Decode 100%'])
})

test('assists below a finding show how much of the collection it causes', () => {
  const folded = `
    example.org/a.List; runtime.mallocgc; runtime.gcAssistAlloc 190
    example.org/b.Get; runtime.mallocgc; runtime.gcAssistAlloc 10
    example.org/a.List 500
    main.work 300
  `
  const where = { any: ['example.org/a.List'] }
  expect(textsOf('split', folded, { where })).toEqual([
    '95% of the GC assists (19% of all CPU time) are in these stacks: so much of the collection is theirs.',
  ])
})

// What cannot be judged is said.
const GOROUTINE = [{ type: 'goroutine', unit: 'count' }]
const HEAP = [
  { type: 'alloc_objects', unit: 'count' },
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_objects', unit: 'count' },
  { type: 'inuse_space', unit: 'bytes' },
]
const WAITS = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]
const APISERVER = 'k8s.io/kubernetes/cmd/kube-apiserver/app.Run'
const forApiserver = { components: ['kube-apiserver'], where: { any: ['x'] } }
const apiserverRules = makeRules(
  { ...forApiserver, levels: { info: 'lo > 0' } },
  { ...forApiserver, reads: 'goroutine', levels: { info: 'count > 0' } },
  { ...forApiserver, reads: 'block', levels: { info: 'count > 0' } },
  { ...forApiserver, reads: 'inuse_space', levels: { info: 'share > 0' } },
)

test.each([
  ['no_samples', cpuProfile('')],
  ['too_few_samples', cpuProfile('main.main 12')],
  ['few_samples', cpuProfile('main.main 60')],
  ['capture_short', cpuProfile('main.main 200', 2)],
  ['no_symbols', cpuProfile('; 300')],
  ['component_unknown', cpuProfile('k8s.io/apiserver/pkg/server.Run; some.thing 300')],
  ['since_start', profileFromFolded(`${APISERVER}; sync.(*Mutex).Lock 5 9000`, WAITS)],
  ['heap_without_gc', profileFromFolded(`${APISERVER} 9 4000000 0 0`, HEAP)],
])('a note of code %s is there where it is due', (code, profile) => {
  expect(reportOn(profile, apiserverRules).notes.map((note) => note.code)).toContain(code)
})

test('a profile in which all can be judged has no notes', () => {
  const codes = [
    reportOn(cpuProfile(`${APISERVER} 900`), apiserverRules),
    reportOn(profileFromFolded(`${APISERVER} 100`, GOROUTINE), apiserverRules),
    reportOn(
      profileFromFolded(`${APISERVER} 9 4000000 5 2000000`, HEAP, { durationNs: 30_000_000_000n }),
      apiserverRules,
    ),
  ].flatMap(({ notes }) => notes.map(({ code }) => code))
  expect(codes).toEqual([])
})

test('stacks that Go cut are reported with their share', () => {
  const deep = Array.from({ length: 64 }, (_, depth) => `example.org/p.F${depth}`).join('; ')
  const { notes } = reportOn(cpuProfile(`${deep} 700\nmain.main 300`), makeRules())
  expect(notes.find(({ code }) => code === 'stacks_cut')?.text).toMatch(
    /64 frames: 70% of the value/,
  )
})

const goroutine = (id: number, state: string) =>
  [
    `goroutine ${id} [${state}]:`,
    'main.worker(0x1)',
    '\t/src/main.go:10 +0x1d',
    'created by main.start in goroutine 1',
    '\t/src/main.go:5 +0x2f',
  ].join('\n')

test('a debug=2 dump shows what goroutines wait for, how long, and who started them', () => {
  const states = ['chan receive, 45 minutes', 'chan receive, 45 minutes', 'chan receive', 'select']
  const dump = states.map((state, id) => goroutine(id + 1, state)).join('\n\n')
  const profile = readProfile(Buffer.from(`${dump}\n`))
  const rules = makeRules({
    reads: 'goroutine',
    where: { any: ['main.worker'] },
    levels: { info: 'count > 0' },
  })
  expect(findingOn(profile, rules)?.evidence.map(({ text }) => text)).toContain(
    'State: chan receive 75%, select 25%; the longest waits for 45 min, 50% for 30 min or more. Created by: main.start 100%',
  )
})

/** A page of these queues. */
function depthsPage(depths: Readonly<Record<string, number>>): string {
  return Object.entries(depths)
    .map(([name, depth]) => `workqueue_depth{name="${name}"} ${depth}\n`)
    .join('')
}

test('a gauge that is another before the capture shows both, of all values that are asked for', () => {
  const ruleSet = makeRules({
    levels,
    where: { any: ['main.work'] },
    metrics: [
      { gauge: 'workqueue_depth', by: 'name', where: { name: 'a | b' }, en: 'Waiting', zh: '等待' },
    ],
  })
  const [finding] = diagnose(
    [{ path: 'cpu.pb.gz', profile: cpuProfile('main.work 500') }],
    ruleSet,
    {
      language: 'en',
      metricsBefore: depthsPage({ a: 471, b: 5172, c: 9 }),
      metrics: depthsPage({ a: 435, c: 12 }),
    },
  ).findings
  expect(finding?.evidence.filter(({ kind }) => kind === 'metric').map(({ text }) => text)).toEqual(
    ['Waiting: a 435 (471 when the capture began), b 0 (5,172 when the capture began)'],
  )
})

test('of the work of the collector, who allocates most is told from a heap profile beside it', () => {
  const rules = makeRules({ measures: { paid: { classes: 'gc.paid' } }, levels })
  const cpu = cpuProfile('runtime.gcBgMarkWorker; runtime.gcDrain 400\nmain.read 100')
  const heap = profileFromFolded(
    'main.main;main.read;encoding/json.Unmarshal 9 4000000\nmain.main;main.write 1 1000000',
    [
      { type: 'alloc_objects', unit: 'count' },
      { type: 'alloc_space', unit: 'bytes' },
    ],
  )
  const textsOf = (profiles: readonly Profile[]) =>
    diagnose(
      profiles.map((profile, row) => ({ path: `${row}.pb.gz`, profile })),
      rules,
      { language: 'en' },
    ).findings.flatMap(({ evidence }) =>
      evidence.flatMap(({ kind, text }) => (kind === 'profile' ? [text] : [])),
    )
  expect(textsOf([cpu])).toEqual([])
  expect(textsOf([cpu, heap])).toEqual([
    'Most is allocated in main.read: 80% of the 4.77 MiB allocated since the process started',
  ])
})

test.each([
  ['no key was ever taken from', 'workqueue_queue_duration_seconds_count{name="a"} 7\n', 'a 9'],
  ['is not known to be unused', '', 'b 300, a 9'],
])('a queue that %s is left out of all queues, unless it is asked for', (_, taken, shown) => {
  const waiting = { gauge: 'workqueue_depth', by: 'name', en: 'Waiting', zh: '等待' }
  const ruleSet = makeRules({
    levels,
    where: { any: ['main.work'] },
    metrics: [waiting, { ...waiting, where: { name: 'b' }, en: 'Of b', zh: 'b' }],
  })
  const page = `${depthsPage({ a: 9, b: 300 })}${taken}`
  const [finding] = diagnose(
    [{ path: 'cpu.pb.gz', profile: cpuProfile('main.work 500') }],
    ruleSet,
    { language: 'en', metricsBefore: depthsPage({ a: 9, b: 300 }), metrics: page },
  ).findings
  expect(finding?.evidence.flatMap(({ kind, text }) => (kind === 'metric' ? [text] : []))).toEqual([
    `Waiting: ${shown}`,
    'Of b: b 300',
  ])
})

function goroutinesOf(folded: string) {
  const profile = profileFromFolded(folded, [{ type: 'goroutine', unit: 'count' }])
  return [{ path: 'goroutine.pb.gz', profile }]
}

test('where metrics alone set a level, and no goroutine shows it, none are told of', () => {
  const metrics = [{ as: 'waiting', gauge: 'workqueue_depth', en: 'Waiting', zh: '等待' }]
  const rules = makeRules({
    metrics,
    reads: 'goroutine',
    where: { any: ['main.work'] },
    levels: { info: 'metrics.waiting >= 5' },
  })
  const options = { language: 'en', metrics: depthsPage({ a: 9 }) } as const
  const textsOf = (folded: string) => {
    const [finding] = diagnose(goroutinesOf(folded), rules, options).findings
    return finding?.evidence.map(({ text }) => text)
  }
  expect(textsOf('main.main 8')).toEqual(['Waiting: 9'])
  expect(textsOf('main.work 2\nmain.main 8')).toContain('2 of 10 goroutines (20%)')
  // Nor do lists name their number or share as what was measured.
  const { worstFinding } = summariseJudgement(judge(goroutinesOf('main.work 2'), rules, options))
  expect(worstFinding).toMatchObject({ level: 'info', share: null })
  expect(worstFinding).not.toHaveProperty('goroutineCount')
})

test('of a metric with the name of the group, that of the finding alone is told and asked for', () => {
  const queues = { gauge: 'workqueue_depth', by: 'name', where: { name: '{group}' } }
  const ruleSet = makeRules({
    by: 'main\\.work([A-Z]\\w*)',
    groupNames: { Pods: 'pod | pod_again' },
    levels: { info: 'lo > 0.1 and metrics.waiting >= 9' },
    where: { any: ['main.work*'] },
    metrics: [{ as: 'waiting', ...queues, en: 'Waiting', zh: '等待' }],
  })
  const profile = cpuProfile('main.workPods 300\nmain.workNodes 300')
  const reportOn = (depths: Readonly<Record<string, number>>) =>
    diagnose([{ path: 'cpu.pb.gz', profile }], ruleSet, {
      language: 'en',
      metrics: depthsPage(depths),
    }).findings.map(({ group, evidence }) => [
      group,
      evidence.find(({ kind }) => kind === 'metric')?.text,
    ])
  expect(reportOn({ pod: 5, pod_again: 4, Nodes: 8, node: 301 })).toEqual([
    ['Pods', 'Waiting: pod 5, pod_again 4'],
  ])
  expect(reportOn({ pod: 1, Nodes: 20 })).toEqual([['Nodes', 'Waiting: Nodes 20']])
})

test.each([
  ['it was there before', 'workqueue_depth{name="a"} 5\n', '', true],
  ['its queue counts keys', '', 'workqueue_adds_total{name="a"} 5\n', true],
  ['another queue counts keys', '', 'workqueue_adds_total{name="b"} 5\n', false],
])('a gauge that the page leaves out is 0 where %s, else unknown', (_, before, now, isZero) => {
  const metrics = [{ as: 'waiting', gauge: 'workqueue_depth', where: { name: 'a' } }]
  const remedy = [{ when: 'metrics.waiting <= 0', en: 'If so, wait. Costs: none.', zh: '某' }]
  const ruleSet = makeRules({ levels, where: { any: ['main.work'] }, metrics, remedy })
  const [finding] = diagnose(
    [{ path: 'cpu.pb.gz', profile: cpuProfile('main.work 500') }],
    ruleSet,
    { language: 'en', metricsBefore: `go_threads 1\n${before}`, metrics: `go_threads 1\n${now}` },
  ).findings
  expect(finding?.remedy).toHaveLength(isZero ? 1 : 0)
})

test('queues of the scheduler are printed together, so one that is left out is empty', () => {
  const metrics = [{ as: 'unfit', gauge: 'scheduler_pending_pods', where: { queue: 'gated' } }]
  const remedy = [{ when: 'metrics.unfit <= 0', en: 'If so, wait. Costs: none.', zh: '某' }]
  const ruleSet = makeRules({ levels, where: { any: ['main.work'] }, metrics, remedy })
  const [finding] = diagnose(
    [{ path: 'cpu.pb.gz', profile: cpuProfile('main.work 500') }],
    ruleSet,
    { language: 'en', metrics: 'scheduler_pending_pods{queue="active"} 3\n' },
  ).findings
  expect(finding?.remedy).toHaveLength(1)
})

test.each([
  ['by metrics alone: they come first', 'metrics.waiting >= 5', ['metric', 'numbers', 'stack']],
  [
    'by the profile: its numbers do',
    'lo > 0 and metrics.waiting >= 5',
    ['numbers', 'stack', 'metric'],
  ],
])('what sets a level is shown first, %s', (_, info, kinds) => {
  const metrics = [{ as: 'waiting', gauge: 'workqueue_depth', en: 'Waiting', zh: '等待' }]
  const profile = cpuProfile('main.work 500')
  const page = { language: 'en', metrics: depthsPage({ a: 9 }) } as const
  const kindsOf = (rule: Readonly<Record<string, unknown>>) =>
    diagnose(
      [{ path: 'cpu.pb.gz', profile }],
      makeRules({ metrics, levels: { info }, ...rule }),
      page,
    ).findings[0]?.evidence.map(({ kind }) => kind)
  expect(kindsOf({ where: { any: ['main.work'] } })).toEqual(kinds)
})

test('where metrics alone set a level, what the runtime did in the samples is not shown', () => {
  const metrics = [{ as: 'waiting', gauge: 'workqueue_depth', en: 'Waiting', zh: '等待' }]
  const rules = makeRules({
    metrics,
    levels: { info: 'metrics.waiting >= 5' },
    measures: { sched: { classes: ['sched'] } },
  })
  const [finding] = diagnose(
    [
      {
        path: 'cpu.pb.gz',
        profile: cpuProfile('runtime.mcall; runtime.park_m; runtime.schedule 50\nmain.work 450'),
      },
    ],
    rules,
    { language: 'en', metrics: depthsPage({ a: 9 }) },
  ).findings
  expect(finding?.evidence.map(({ text }) => text)).toEqual(['Waiting: 9'])
})
