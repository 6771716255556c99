import { expect, test } from 'vitest'
import { remediesFaults, remediesRows } from '../../bench/reports/remedies-report.ts'
import { flagFaults } from '../../bench/reports/flag-faults.ts'
import { readFlagInventory, readMetricInventory } from '../../cli/rules/read-inventory.ts'
import { loadRules } from '../../judge/index.ts'
import { allRules, diagnose } from '../../diagnosis/index.ts'
import { namesIn } from '../../diagnosis/rule/expression.ts'
import { cpuProfile, makeRules } from '../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()
const rows = remediesRows(ruleSet)

/** All remedies, with the names that their conditions ask for. */
const remedies = allRules(ruleSet).flatMap(({ id, texts }) =>
  texts.remedy.map(({ text, when }) => ({ id, text, asks: when === null ? [] : namesIn(when) })),
)
const metrics = readMetricInventory()

const text = { en: 'x', zh: '某' }
const RULE = {
  where: { any: ['a'] },
  levels: { info: 'share >= 0.1' },
  components: ['kubelet'],
  sources: ['https://kubernetes.io/'],
  next: [{ what: text, log: 'x' }],
}

function faultsOf(parts: object): readonly string[] {
  return remediesFaults(makeRules({ ...RULE, ...parts }), metrics)
}

/** A /metrics page of etcd: how many ranges were read, and how many bytes were sent. */
function etcdPage(ranges: number, sent: number): string {
  const sum = `etcd_mvcc_range_total ${ranges}\netcd_network_client_grpc_sent_bytes_total ${sent}\n`
  return `${sum}process_start_time_seconds 1\n`
}

/** What a rule may say to a component of a release. */
function saidTo(rule: string, component: string, minor: number) {
  const row = rows.find(
    (each) =>
      each.rule === rule &&
      each.component === component &&
      Number(each.from.slice(2)) <= minor &&
      minor <= Number(each.to.slice(2)),
  )
  return { remedy: row?.remedy.join('\n') ?? '', next: row?.next.join('\n') ?? '' }
}

test('each bound has its source, and each component and release is told what to do and where to look', () => {
  expect(remediesFaults(ruleSet, metrics)).toEqual([])
})

test('a bound without its source is a fault, and so is a release that is told of nothing', () => {
  const when = 'kubernetes < 1.31'
  expect(faultsOf({ remedy: [{ when, ...text }, text] })).toEqual([
    'test.0: remedy.0: a bound of kubernetes without since',
  ])
  const since = 'https://kubernetes.io/'
  expect(faultsOf({ remedy: [{ when, since, ...text }] })).toEqual([
    'test.0: nothing in remedy for kubelet 1.31 to 1.37',
    'test.0: nothing in remedy for k3s 1.31 to 1.37',
  ])
})

test('a metric that a release does not have is a fault', () => {
  const metric = 'sum by (resource_prefix) (rate(apiserver_cache_list_total[5m]))'
  const next = [{ what: text, metric }]
  expect(faultsOf({ remedy: [text], next })).toEqual([
    'test.0: apiserver_cache_list_total is not in 1.19, 1.20, 1.21, 1.22',
  ])
  const since = 'https://kubernetes.io/'
  const later = [{ when: 'kubernetes >= 1.23', since, ...next[0] }, RULE.next[0]]
  expect(faultsOf({ remedy: [text], next: later })).toEqual([])
})

test('an upgrade is advised to older servers alone', () => {
  expect(saidTo('apiserver.list-from-etcd', 'kube-apiserver', 30).remedy).toContain('upgrade to')
  const { remedy } = saidTo('apiserver.list-from-etcd', 'kube-apiserver', 36)
  expect(remedy).not.toMatch(/upgrade to Kubernetes|upgrade that far/)
  expect(remedy).toContain('limit is ignored')
})

test('metrics and log lines are those of the release', () => {
  const { next } = saidTo('apiserver.list-from-etcd', 'kube-apiserver', 22)
  expect(next).toContain('"List etcd3"')
  expect(next).toContain('etcd_request_duration_seconds_count')
  expect(next).not.toMatch(/apiserver_storage_list|List\(recursive/)
  const after = saidTo('apiserver.list-from-etcd', 'kube-apiserver', 23).next
  expect([
    after.includes('"List etcd3"'),
    after.includes('apiserver_storage_list_fetched_objects_total'),
  ]).toEqual([true, true])
  expect(saidTo('apiserver.watchers', 'kube-apiserver', 22).next).toContain('longrunning_gauge')
  expect(saidTo('apiserver.watchers', 'kube-apiserver', 23).next).toContain('longrunning_requests')
  const old = rows.filter(({ to }) => Number(to.slice(2)) <= 22).flatMap(({ next }) => next)
  expect(old.filter((step) => /apiserver_(?:storage|cache)_list_\w+_total/.test(step))).toEqual([])
})

test.each([
  [20, 'Throttling request took'],
  [21, 'Waited for'],
  [32, 'Waited for'],
  [33, 'Waited before sending request'],
])('1.%i logs that a client throttles itself as one line', (minor, line) => {
  const { next } = saidTo('client.throttled', 'kube-controller-manager', minor)
  const lines = ['Throttling request took', 'Waited for', 'Waited before sending request']
  expect(lines.filter((each) => next.includes(each))).toEqual([line])
})

test('components are told of flags, programs of code', () => {
  const component = saidTo('client.throttled', 'kube-controller-manager', 30).remedy
  expect(component).toContain('--kube-api-qps')
  expect(component).not.toContain('rest.Config')
  const program = saidTo('client.throttled', 'my-operator', 30).remedy
  expect(program).toContain('rest.Config.QPS')
  expect(program).not.toContain('--kube-api-qps')
})

test('an aggregated API server is told that it asks the kube-apiserver', () => {
  const { remedy, next } = saidTo('apiserver.webhook-auth.waiting', 'sample-apiserver', 30)
  expect(remedy).toContain('asks the kube-apiserver')
  expect(`${remedy}\n${next}`).not.toMatch(/authorization-mode|cache-ttl|-C kube-apiserver/)
  expect(saidTo('apiserver.webhook-auth.waiting', 'kube-apiserver', 30).remedy).not.toContain(
    'asks the kube-apiserver',
  )
})

/** Remedies that match, as `RULE: TEXT`, of rows of some components. */
function advisedTo(components: readonly string[], pattern: RegExp): readonly string[] {
  const told = rows
    .filter(({ component }) => components.includes(component))
    .flatMap(({ rule, remedy }) => remedy.map((text) => `${rule}: ${text}`))
    .filter((text) => pattern.test(text))
  return [...new Set(told)]
}

const SERVED = ['kube-apiserver', 'etcd', 'containerd']
const OF_OTHERS = [
  ...SERVED,
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'cluster-autoscaler',
  'kubectl',
  'coredns',
  'kube-state-metrics',
]

test('what only a change of code can do is advised to no component', () => {
  const clients = OF_OTHERS.filter((component) => !SERVED.includes(component))
  const code =
    /rest\.Config|AddIndexers|SetTransform|controller-runtime|cache\.Indexers|time\.Timer|slog|workqueue and return|\bsync\.|defer |Close\(\)|\ba context\b|buffered channel|http\.Client|GetAPIReader|clientset/
  expect(advisedTo(clients, code)).toEqual([])
  // What is advised to servers may be for the code of their clients.
  const ofServers = advisedTo(SERVED, /a change of code/)
  expect(ofServers.filter((text) => !/\bclient\b|Clients/.test(text))).toEqual([])
  expect(advisedTo(clients, /a change of code/)).toEqual([])
})

test('each remedy says what it costs, in both languages', () => {
  const silent = remedies.filter(
    ({ text }) => !/Costs\b/.test(text.en) || !text.zh.includes('代价'),
  )
  expect(silent.map(({ id, text }) => `${id}: ${text.en}`)).toEqual([])
})

test('each flag is of the component that it is advised to, and of its release', () => {
  expect(flagFaults(rows, readFlagInventory())).toEqual([])
})

test('a flag that a release or component does not have is a fault', () => {
  const inventory = 'kubelet new-flag 1.30-1.37\nkube-apiserver far-flag 1.19-1.37\n'
  const faultsOfText = (en: string, when = 'kubernetes >= 1.19') =>
    flagFaults(remediesRows(makeRules({ ...RULE, remedy: [{ when, en, zh: '某' }] })), inventory)
  expect(faultsOfText('Set --new-flag=2.')).toEqual([
    'test.0: --new-flag is not of kubelet 1.19 to 1.37',
    'test.0: --new-flag is not of k3s 1.19 to 1.37',
  ])
  expect(faultsOfText('Set --new-flag=2.', 'kubernetes >= 1.30')).toEqual([])
  expect(faultsOfText('Set --far-flag.')).toEqual([
    'test.0: --far-flag is not of kubelet 1.19 to 1.37',
  ])
  expect(faultsOfText("Set the apiserver's --far-flag.")).toEqual([])
})

test('a feature gate that a release does not have is a fault, and so is an upgrade to it', () => {
  const inventory = 'kubelet feature-gates=Known 1.30-1.37\n'
  const remedy = [{ when: 'kubernetes >= 1.30', ...text, en: 'Set --feature-gates=Known=true.' }]
  const gates = (parts: object) =>
    flagFaults(remediesRows(makeRules({ ...RULE, ...parts })), inventory)
  expect(gates({ remedy })).toEqual([])
  expect(gates({ remedy: [{ ...remedy[0], en: 'Set --feature-gates=Other=true.' }] })).toHaveLength(
    2,
  )
  const since = 'https://kubernetes.io/'
  const upgrade = { when: 'kubernetes < 1.32', since, ...text, en: 'Upgrade to Kubernetes 1.31.' }
  expect(faultsOf({ remedy: [upgrade, text] })).toEqual([
    'test.0: an upgrade to 1.31 for kubelet 1.19 to 1.31',
    'test.0: an upgrade to 1.31 for k3s 1.19 to 1.31',
  ])
  expect(faultsOf({ remedy: [{ ...upgrade, when: 'kubernetes < 1.31' }, text] })).toEqual([])
})

/** A measure whose findings are of single functions, which have no other measures. */
const ALONE = 'risen'

test('conditions of advice ask for measures that each finding of the rule has', () => {
  const unmeasured = ruleSet.rules.flatMap(({ id, signals, texts }) => {
    const advice = [...texts.remedy, ...texts.remarks, ...texts.next]
    const asked = advice.flatMap(({ when }) => (when === null ? [] : namesIn(when)))
    const measures = new Set(asked.map((name) => name.slice(0, name.lastIndexOf('.'))))
    return signals
      .filter((signal) => [...signal.measures.values()].some(({ kind }) => kind === ALONE))
      .flatMap((signal) => [...signal.measures.keys()].slice(1))
      .filter((measure) => measures.has(measure))
      .map((measure) => `${id}: ${measure}`)
  })
  expect(unmeasured).toEqual([])
})

test('the value of a flag is told where it is known alone', () => {
  const bare = allRules(ruleSet).flatMap(({ id, texts }) =>
    [...texts.remedy, ...texts.remarks]
      .flatMap(({ text }) => [text.en, text.zh])
      .filter((text) => text.replaceAll(/\[\[.*?\]\]/g, '').includes('{flags.'))
      .map((text) => `${id}: ${text}`),
  )
  expect(bare).toEqual([])
})

test('programs without client-go are told of none where a rule is for any program', () => {
  const ofLibraries = /client-go|clientset|informer|controller-runtime|klog|resourceVersion/
  const told = remedies.filter(
    ({ id, text, asks }) =>
      id.startsWith('runtime.') &&
      ofLibraries.test(text.en) &&
      !asks.some((name) => name.includes('.') || name === 'component'),
  )
  expect(told.map(({ id, text }) => `${id}: ${text.en}`)).toEqual([])
})

test('no list of Events is told to come from the watch cache', () => {
  // Secrets, custom resources and reads that wait for the cache are no Events.
  const others = [
    'apiserver.encryption-at-rest',
    'apiserver.kms.waiting',
    'apiserver.crd-unstructured',
    'apiserver.fresh-wait',
    'apiserver.webhook-conversion.waiting',
  ]
  const told = remedies.filter(
    ({ id, text, asks }) =>
      !others.includes(id) &&
      /(?:set|or|Add|with|must be,) resourceVersion(?:=|: )"0"/i.test(text.en) &&
      !/Events/.test(text.en) &&
      !asks.some((name) => name.includes('events.')),
  )
  expect(told.map(({ id, text }) => `${id}: ${text.en}`)).toEqual([])
})

test.each([
  ['apiserver.list-from-cache', 'kube-apiserver', 33, 34, 'resource_prefix'],
  ['apiserver.watch-dispatch', 'kube-apiserver', 33, 34, 'sum by (kind)'],
  ['apiserver.cache-consistency-check', 'kube-apiserver', 34, 33, 'DetectCacheInconsistency'],
  ['kcm.endpoints-syncs', 'kube-controller-manager', 27, 28, 'adding -endpoint to'],
  ['kcm.endpoints-syncs', 'kube-controller-manager', 28, 27, '-endpoints-controller'],
])(
  '%s of %s names what 1.%i has and 1.%i has not: %s',
  (rule, component, having, lacking, text) => {
    const isNamed = (minor: number) => {
      const { remedy, next } = saidTo(rule, component, minor)
      return `${remedy}\n${next}`.includes(text)
    }
    expect([isNamed(having), isNamed(lacking)]).toEqual([true, false])
  },
)

const FROM_ETCD = 'apiserver.list-from-etcd'

test('Events come from no cache, and what only reads them writes none', () => {
  const list =
    'k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func1; k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList'
  const profile = cpuProfile(
    `${list}; k8s.io/api/core/v1.(*Event).Unmarshal 300\n${list}; runtime.mallocgc 200\nnet/http.(*conn).serve 300`,
  )
  const input = { path: 'cpu.pb.gz', profile, component: 'kube-apiserver' }
  const { findings } = diagnose([{ ...input, kubernetesVersion: 'v1.31.14' }], ruleSet, {
    language: 'en',
  })
  const folded = findings.flatMap(({ rule, also }) => (rule === FROM_ETCD ? also : []))
  expect(folded.map(({ rule }) => rule)).toContain('apiserver.event-flood')
  const remedies = findings.flatMap(({ remedy }) => remedy).join('\n')
  expect(remedies).toContain('watch Events')
  expect(remedies).not.toMatch(
    /ResourceVersion: "0"|3\.5\.13|1\.34|EventRateLimit|Find the controller/,
  )
})

test('reads of single keys are no lists', () => {
  const range = 'go.etcd.io/etcd/server/v3/etcdserver/api/v3rpc.(*kvServer).Range'
  const profile = cpuProfile(`${range}; runtime.mallocgc 500\nnet/http.(*conn).serve 300`)
  const remedyFor = (sent: number) =>
    diagnose([{ path: 'cpu.pb.gz', profile, component: 'etcd' }], ruleSet, {
      language: 'en',
      metricsBefore: etcdPage(0, 0),
      metrics: etcdPage(1000, sent),
    })
      .findings.filter(({ rule }) => rule === 'etcd.range')
      .flatMap(({ remedy }) => remedy)
      .join('\n')
  expect(remedyFor(300_000)).toContain('The answers are small')
  expect(remedyFor(300_000)).not.toMatch(/whole prefixes|watch cache/)
  expect(remedyFor(3_000_000_000)).toMatch(/read whole prefixes/)
})

test('lists are no cause of collection in other components, nor client-go of handshakes', () => {
  for (const component of ['etcd', 'kube-controller-manager', 'my-operator']) {
    const said = ['runtime.gc-assist', 'runtime.gc-share', 'apiserver.tls-handshakes'].map(
      (rule) => saidTo(rule, component, 30).remedy,
    )
    expect(said.join('\n')).not.toMatch(/resourceVersion|client-go|rest\.Config/)
  }
})

test('remedies ask for measures that each way to see a finding has', () => {
  const lacking = ruleSet.rules.flatMap(({ id, signals, texts }) => {
    const asked = texts.remedy.flatMap(({ when }) => (when === null ? [] : namesIn(when)))
    const all = new Set(signals.flatMap(({ measures }) => [...measures.keys()]))
    const measures = new Set(asked.map((name) => name.slice(0, name.lastIndexOf('.'))))
    return signals.flatMap((signal) =>
      [...measures]
        .filter((measure) => all.has(measure) && !signal.measures.has(measure))
        .map((measure) => `${id}: ${measure}`),
    )
  })
  expect(lacking).toEqual([])
})
