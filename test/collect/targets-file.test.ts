import { describe, expect, test } from 'vitest'
import { faultText, readTargetsFile } from '../../collect/index.ts'

const LIMITS = { intervalMsMin: 30_000, cpuShareMax: 0.1 }

const WHOLE = `
clusters:
  - name: prod
    kubeconfig: { path: /etc/kubeprof/prod.kubeconfig, context: prod }
  - { name: here, inCluster: true }
targets:
  - name: apiservers
    kind: kube-apiserver
    cluster: prod
    concurrency: { group: prod-control-plane, limit: 1 }
  - { name: kcm, kind: kube-controller-manager, cluster: prod }
  - name: kubelets
    kind: kubelet
    cluster: prod
    reach: node-proxy
    discover: { nodes: { labelSelector: node-role.kubernetes.io/control-plane }, limit: 20 }
  - { name: containerd, kind: containerd, socket: /run/containerd/debug.sock }
  - name: payments
    kind: go
    cluster: here
    discover: { pods: { namespaces: [payments], annotations: true } }
  - { name: mine, kind: go, url: 'http://10.0.0.1:6060' }
profileSets:
  short: { cpu: { seconds: 5 }, heap: { gc: true }, trace: { seconds: 0.5 } }
schedules:
  - { name: often, targets: [apiservers, kcm], every: 10m, take: short }
  - { name: nightly, targets: [kubelets, mine], cron: '15 3 * * *', timezone: Europe/Berlin }
triggers:
  - name: slow
    alert: { alertname: [KubeAPIErrorBudgetBurn, Other], severity: critical }
    targets: [apiservers]
    cooldown: 5m
network:
  allow: [10.0.0.0/8]
`

test('a file defines targets, clusters, schedules and triggers', () => {
  const { contents, clusters } = planOf(WHOLE)
  expect(clusters).toEqual([
    {
      name: 'prod',
      access: {
        kind: 'kubeconfig',
        paths: ['/etc/kubeprof/prod.kubeconfig'],
        context: 'prod',
        allowsExec: false,
      },
    },
    { name: 'here', access: { kind: 'in-cluster' } },
  ])
  expect(contents.allow).toEqual(['10.0.0.0/8'])
  expect(contents.targets.map(({ name, schedules }) => [name, schedules])).toEqual([
    ['apiservers', ['often']],
    ['kcm', ['often']],
    ['kubelets', ['nightly']],
    ['containerd', []],
    ['payments', []],
    ['mine', ['nightly']],
  ])
  expect(contents.schedules).toMatchObject([
    {
      timing: { kind: 'interval', intervalMs: 600_000, jitterMs: 600_000 },
      request: { profiles: ['cpu', 'heap', 'trace'], seconds: 5, traceSeconds: 0.5, hasGc: true },
    },
    { timing: { kind: 'cron', timezone: 'Europe/Berlin' }, profileSet: 'baseline' },
  ])
  expect(contents.triggers).toMatchObject([
    {
      labels: { alertname: ['KubeAPIErrorBudgetBurn', 'Other'], severity: ['critical'] },
      cooldownMs: 300_000,
      matchInstance: true,
    },
  ])
})

test('credentials of a cluster go only to its own components', () => {
  const specs = planOf(WHOLE).contents.targets.map(({ spec }) => spec)
  expect(specs.map(({ credentials }) => credentials.from)).toEqual([
    'cluster',
    'cluster',
    'cluster',
    'none',
    'none',
    'none',
  ])
})

test('processes of one target are captured one at a time unless its limit is higher', () => {
  const rows = planOf(WHOLE).contents.targets
  expect(rows[0]).toMatchObject({ group: 'prod-control-plane', groupMax: 1 })
  expect(rows[1]).toMatchObject({ group: 'target kcm', groupMax: 1 })
})

test.each(['', '# nothing yet\n', 'targets: []\n'])(
  'a file without targets is fine: %j',
  (text) => {
    expect(planOf(text).contents.targets).toEqual([])
  },
)

const GO = '- { name: a, kind: go, url: "http://10.0.0.1:6060" }'

describe('faults are reported with line and column', () => {
  test.each([
    ['targets:\n\t- a', 't.yaml:2:1: Tabs are not allowed as indentation'],
    ['targets: 3', 't.yaml:1:10: targets: must be a list'],
    ['- a', 't.yaml:1:1: must hold sections, like `targets:`'],
    [
      'target: []',
      't.yaml:1:1: target: is not known here; one of clusters, targets, profileSets, schedules, triggers, network',
    ],
    ['targets: []\ntargets: []', 't.yaml:2:1: Map keys must be unique'],
    [
      `targets:\n  ${GO}\n  - { name: a, kind: go, url: "http://b" }`,
      '3:13: targets.1.name: "a" is there already',
    ],
    [
      `targets:\n  - name: B\n    kind: go\n    url: http://b`,
      '2:11: targets.0.name: is not valid: Lower-case',
    ],
    [
      `targets:\n  - name: b\n    kind: pod`,
      '3:11: targets.0.kind: must be one of kube-apiserver,',
    ],
    [`targets:\n  - kind: go`, '2:5: targets.0: lacks `name`'],
    [
      `targets:\n  - name: b\n    kind: go\n    timeouts: 3`,
      '4:5: targets.0.timeouts: is not known here; one of name, kind,',
    ],
    [
      `targets:\n  - { name: b, kind: etcd }`,
      '2:22: targets.0.kind: needs a `cluster` to be found in',
    ],
    [
      `targets:\n  - { name: b, kind: etcd, cluster: c }`,
      '2:37: targets.0.cluster: there is no cluster "c"',
    ],
    [
      `clusters: [{ name: c, inCluster: true }]\ntargets:\n  - { name: b, kind: kubelet, cluster: c }`,
      '3:22: targets.0.kind: kubelets need `reach: node-proxy`',
    ],
    [
      `clusters: [{ name: c, inCluster: true }]\ntargets:\n  - { name: b, kind: go, cluster: c, auth: cluster, discover: { pods: { namespaces: [a], annotations: true } } }`,
      '3:44: targets.0.auth: pods get no credentials',
    ],
    ['clusters: [{ name: c }]', '1:12: clusters.0: needs either `kubeconfig` or `inCluster: true`'],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a, b], every: 1m, take: short }`,
      '4:29: schedules.0.targets.1: there is no target "b"',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], every: 10m, take: short }`,
      '4:48: schedules.0.take: there is no profile set "short"; there are baseline, incident',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], every: 10s }`,
      '4:37: schedules.0.every: is less than 30 s',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], every: 1m }`,
      'would have a process under CPU profiling for 17% of its time; collect.cpuShareMax allows 10%',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], every: 2 minutes }`,
      '4:37: schedules.0.every: is not valid: A length of time: 30s, 10m, 1h30m',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], cron: '61 * * * *' }`,
      '4:36: schedules.0.cron: is not valid:',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a], cron: '1 * * * *', timezone: Nowhere }`,
      'schedules.0.timezone: is not valid:',
    ],
    [
      `targets:\n  ${GO}\nschedules:\n  - { name: s, targets: [a] }`,
      '4:5: schedules.0: lacks `every` or `cron`',
    ],
    [
      'profileSets: { a: { cpu: { seconds: 7.5 } } }',
      '1:37: profileSets.a.cpu.seconds: must be integer',
    ],
    ['profileSets: { a: { gpu: {} } }', '1:21: profileSets.a.gpu: is not known here'],
    ['network: { allow: [10.0.0.0] }', 'network.allow.0: 10.0.0.0 is not an address range'],
    ['targets: !!js/function "x"', 'Unresolved tag'],
    ['a: *nobody', 'Unresolved alias'],
  ])('%j', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected)
  })

  test('the first twenty', () => {
    const entries = Array.from({ length: 30 }, (_, place) => `  - { name: t${place} }`)
    expect(faultsOf(`targets:\n${entries.join('\n')}`)).toHaveLength(20)
  })

  test('one bad entry does not hide another', () => {
    const faults = faultsOf('targets:\n  - { name: a }\n  - { name: b }\nschedules:\n  - {}')
    expect(faults.map((fault) => fault.split(':')[1])).toEqual(['2', '3', '5'])
  })

  test('thousands of brackets are refused quickly', () => {
    expect(faultsOf('['.repeat(3000)).length).toBeGreaterThan(0)
  })
})

function planOf(text: string) {
  const read = readTargetsFile(text, LIMITS)
  if ('faults' in read)
    throw new Error(read.faults.map((one) => faultText('t.yaml', one)).join('\n'))
  return read.plan
}

function faultsOf(text: string): readonly string[] {
  const read = readTargetsFile(text, LIMITS)
  if ('plan' in read) throw new Error('the file is fine')
  return read.faults.map((fault) => faultText('t.yaml', fault))
}
