import { describe, expect, test } from 'vitest'
import { diagnose, type DiagnoseOptions } from '../../diagnosis/index.ts'
import { itemOf } from '../item-of.ts'
import { cpuProfile, makeRule, makeRules } from './make-rule.ts'

const RULE = { where: { any: ['a'] }, levels: { info: 'share >= 0.1' } }
// Code of a component, which does not say of which.
const PROFILE = cpuProfile('k8s.io/apiserver/pkg/server.Run; a 900\nb 100')

interface Process extends Partial<DiagnoseOptions> {
  readonly component?: string | null
  readonly kubernetesVersion?: string | null
  readonly goVersion?: string | null
}

function adviceFor(
  { component = null, kubernetesVersion = null, goVersion = null, ...given }: Process,
  ...remedy: readonly Readonly<Record<string, string>>[]
): readonly string[] {
  const { language = 'en', ...facts } = given
  const { ruleSet } = makeRule({
    ...RULE,
    remedy: remedy.map((each) => ({ en: 'Do it.', zh: '照做。', ...each })),
  })
  const input = { path: 'cpu', profile: PROFILE, component, kubernetesVersion, goVersion }
  return itemOf(diagnose([input], ruleSet, { language, ...facts }).findings).remedy
}

describe('what points at next steps', () => {
  const remedy = [{ en: 'Ask who (see who, below) and why (below: when).', zh: '查明（见下）。' }]
  const next = [{ what: { en: 'Who', zh: '谁' }, command: 'who' }]
  const saidWith = (part: object, language: 'en' | 'zh' = 'en') => {
    const { ruleSet } = makeRule({ ...RULE, remedy, ...part })
    const input = { path: 'cpu', profile: PROFILE }
    return itemOf(diagnose([input], ruleSet, { language }).findings).remedy
  }

  test('is said where there is a step', () => {
    expect(saidWith({ next })).toEqual(['Ask who (see who, below) and why (below: when).'])
  })

  test('is left out where none is left', () => {
    expect(saidWith({})).toEqual(['Ask who and why.'])
    expect(saidWith({}, 'zh')).toEqual(['查明。'])
  })
})

/** A page that counts requests to these hosts. */
function pageOf(...hosts: readonly string[]): string {
  return hosts.map((host) => `rest_client_requests_total{host="${host}"} 9\n`).join('')
}

describe('advice for some versions', () => {
  const advice = { when: 'kubernetes >= 1.22 and kubernetes < 1.31' }

  test.each(['v1.22.0', 'v1.30.14', '1.24-1.26'])('is given to %s', (kubernetesVersion) => {
    expect(adviceFor({ kubernetesVersion }, advice)).toEqual(['Do it.'])
  })

  test.each(['v1.21.14', 'v1.31.0', '>=1.31'])('is not given to %s', (kubernetesVersion) => {
    expect(adviceFor({ kubernetesVersion }, advice)).toEqual([])
  })

  test('says which where the version is not known, in both languages', () => {
    expect(adviceFor({}, advice)).toEqual(['From v1.22 on, up to v1.30: Do it.'])
    expect(adviceFor({ language: 'zh' }, advice)).toEqual(['v1.22 起、v1.30 及以前：照做。'])
  })

  test('of one minor version names that', () => {
    const single = { when: 'kubernetes >= 1.32 and kubernetes < 1.33' }
    expect(adviceFor({}, single)).toEqual(['In v1.32: Do it.'])
    expect(adviceFor({ language: 'zh' }, single)).toEqual(['v1.32：照做。'])
  })

  test('says only what is open where a part of it is known', () => {
    expect(adviceFor({ kubernetesVersion: '1.24-1.33' }, advice)).toEqual(['Up to v1.30: Do it.'])
  })

  test('may be of Go, or of etcd down to the patch', () => {
    const of = { when: 'go < 1.26 and (etcd >= 3.5.13 or etcd < 3.4)' }
    const metrics = 'etcd_server_version{server_version="3.5.12"} 1\n'
    expect(adviceFor({ goVersion: '1.26.8' }, of)).toEqual([])
    expect(adviceFor({ goVersion: '1.25.1', metrics }, of)).toEqual([])
    expect(adviceFor({ goVersion: '1.25.1' }, of)).toEqual([
      'From etcd 3.5.13 on or up to etcd 3.3: Do it.',
    ])
    expect(adviceFor({}, { when: 'not etcd < 3.5.13' })).toEqual(['From etcd 3.5.13 on: Do it.'])
  })
})

describe('advice for some components', () => {
  const own = { when: 'component == kubelet or component == kube-scheduler', en: 'A flag.' }
  const others = { when: 'not (component == kubelet or component == kube-scheduler)', en: 'Code.' }

  test('is given to them, and what is for others is not', () => {
    expect(adviceFor({ component: 'kubelet' }, own, others)).toEqual(['A flag.'])
    expect(adviceFor({ component: 'my-operator' }, own, others)).toEqual(['Code.'])
  })

  test('may be for whose program it is: flags for components, code for programs', () => {
    const flag = { when: 'project == kubernetes', en: 'A flag.' }
    const code = { when: 'project == other', en: 'Code.' }
    expect(adviceFor({ component: 'cluster-autoscaler' }, flag, code)).toEqual(['A flag.'])
    expect(adviceFor({ component: 'k3s' }, flag, code)).toEqual(['A flag.'])
    expect(adviceFor({ component: 'my-operator' }, flag, code)).toEqual(['Code.'])
    expect(adviceFor({ component: 'etcd' }, flag, code)).toEqual([])
    expect(adviceFor({ component: 'etcd' }, { when: 'project == etcd' })).toEqual(['Do it.'])
    expect(adviceFor({}, flag, code)).toEqual(['Kubernetes: A flag.', 'Code.'])
    const ofComponents = { when: 'project != other', en: 'An upgrade.' }
    expect(adviceFor({ component: 'etcd' }, ofComponents)).toEqual(['An upgrade.'])
    expect(adviceFor({ component: 'coredns' }, flag, code, ofComponents)).toEqual(['An upgrade.'])
    expect(adviceFor({ component: 'my-operator' }, ofComponents)).toEqual([])
    expect(adviceFor({}, ofComponents)).toEqual(['Kubernetes, etcd, containerd: An upgrade.'])
  })

  test('of a program without code of components is for programs', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      remedy: [own, others].map((each) => ({ zh: '照做。', ...each })),
    })
    const input = { path: 'cpu', profile: cpuProfile('main.main; a 900\nb 100') }
    const { findings } = diagnose([input], ruleSet, { language: 'en' })
    expect(itemOf(findings).remedy).toEqual(['Code.'])
  })

  test('says which where the component is not known', () => {
    expect(adviceFor({}, own, others)).toEqual(['kubelet or kube-scheduler: A flag.', 'Code.'])
  })
})

describe('advice by flags, metrics and the address of the process', () => {
  const flags =
    'kubelet flagz\nWarning: not for machines\n\nkube-api-qps=20\nsync-period: 30s\nprofiling true\n'

  test('what a flag does already is not advised', () => {
    expect(adviceFor({ flags }, { when: 'flags.kube-api-qps < 50' })).toEqual(['Do it.'])
    expect(adviceFor({ flags }, { when: 'flags.kube-api-qps < 20' })).toEqual([])
    expect(adviceFor({ flags }, { when: 'flags.sync-period >= 1m' })).toEqual([])
    expect(adviceFor({ flags }, { when: 'flags.sync-period == 30s' })).toEqual(['Do it.'])
    expect(adviceFor({ flags }, { when: 'flags.profiling == 1' })).toEqual(['Do it.'])
  })

  test('an unknown flag hinders nothing, and its value is left out', () => {
    const advice = {
      when: 'flags.kube-api-qps < 50',
      en: 'Raise it[[, now {flags.kube-api-qps}]].',
    }
    expect(adviceFor({ flags }, advice)).toEqual(['Raise it, now 20.'])
    expect(adviceFor({}, advice)).toEqual(['Raise it.'])
  })

  test('metrics and measures decide, and missing ones do not count', () => {
    const advice = { when: 'metrics.lists_total > 5 and share > 0.5' }
    expect(adviceFor({ metrics: 'lists_total 6\n' }, advice)).toEqual(['Do it.'])
    expect(adviceFor({ metrics: 'lists_total 4\n' }, advice)).toEqual([])
    expect(adviceFor({}, advice)).toEqual([])
  })

  test('what is to be denied of a metric that the process does not have is denied', () => {
    const metric = { as: 'lists', en: 'Lists', zh: '列表', counter: 'lists_total' }
    const { ruleSet } = makeRule({
      ...RULE,
      metrics: [metric],
      remedy: [{ when: 'not metrics.lists >= 5', en: 'Do it.', zh: '照做。' }],
    })
    const adviceBy = (page: string | null) => {
      const metrics = page === null ? {} : { metrics: page, metricsBefore: 'lists_total 0\n' }
      const inputs = [{ path: 'cpu', profile: PROFILE }]
      const { findings } = diagnose(inputs, ruleSet, { language: 'en', ...metrics })
      return itemOf(findings).remedy
    }
    expect(adviceBy(null)).toEqual(['Do it.'])
    expect(adviceBy('lists_total 1\n')).toEqual(['Do it.'])
    expect(adviceBy('lists_total 1000\n')).toEqual([])
  })

  test('what a gauge grew by decides, and is told, where there is an earlier page', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      metrics: [{ as: 'more', en: 'More', zh: '增加', change: 'go_goroutines' }],
      remedy: [{ when: 'not metrics.more >= 1', en: 'Do it.', zh: '照做。' }],
    })
    const found = (before: object) => {
      const inputs = [{ path: 'cpu', profile: PROFILE }]
      const pages = { metrics: 'go_goroutines 900\n', ...before }
      const { remedy, evidence } = itemOf(
        diagnose(inputs, ruleSet, { language: 'en', ...pages }).findings,
      )
      return {
        remedy,
        told: evidence.filter(({ kind }) => kind === 'metric').map((each) => each.text),
      }
    }
    expect(found({})).toEqual({ remedy: ['Do it.'], told: [] })
    expect(found({ metricsBefore: 'go_goroutines 900\n' })).toEqual({
      remedy: ['Do it.'],
      told: [],
    })
    expect(found({ metricsBefore: 'go_goroutines 300\n' }).remedy).toEqual([])
    expect(found({ metricsBefore: 'go_goroutines 300\n' }).told).toHaveLength(1)
  })

  test('a step does not ask for the rate that two pages have told', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      remedy: [{ en: 'Do it.', zh: '照做。' }],
      metrics: [{ en: 'Lists', zh: '列表', counter: 'lists_total', by: 'kind' }],
      next: ['rate(lists_total[5m])', 'sum by (kind) (rate(lists_total[5m]))'].map((metric) => ({
        what: { en: 'Lists', zh: '列表' },
        metric,
      })),
    })
    const stepsFor = (before: object) => {
      const inputs = [{ path: 'cpu', profile: PROFILE }]
      const pages = { metrics: 'lists_total{kind="pods"} 900\n', ...before }
      return itemOf(diagnose(inputs, ruleSet, { language: 'en', ...pages }).findings).next
    }
    expect(stepsFor({})).toHaveLength(2)
    expect(stepsFor({ metricsBefore: 'lists_total{kind="pods"} 100\n' })).toEqual([
      { what: 'Lists', metric: 'rate(lists_total[5m])' },
    ])
  })

  test('a step does not ask for a gauge that is told, nor for one of which few values are hidden', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      remedy: [{ en: 'Do it.', zh: '照做。' }],
      metrics: [
        { en: 'Watches', zh: 'watch', gauge: 'open', by: 'resource', where: { verb: 'WATCH' } },
        { en: 'Keys', zh: 'key', gauge: 'depth', by: 'name' },
        { en: 'Events', zh: '事件', counter: 'sent_total', by: 'kind | resource' },
      ],
      next: [
        'sum by (resource) (open{verb="WATCH"})',
        'topk(5, depth)',
        'topk(10, sum by (kind) (rate(sent_total[5m])))',
        'sum by (scope) (open{verb="WATCH"})',
      ].map((metric) => ({ what: { en: 'Look', zh: '看' }, metric })),
    })
    const stepsFor = (pages: Readonly<Record<string, string>>) => {
      const inputs = [{ path: 'cpu', profile: PROFILE }]
      return itemOf(diagnose(inputs, ruleSet, { language: 'en', ...pages }).findings).next.length
    }
    const names = ['a', 'b', 'c', 'd', 'e']
    const others = names.map((name) => `sent_total{kind="${name}"} 1\n`).join('')
    const open = (value: number) =>
      names.map((name) => `open{verb="WATCH",resource="${name}"} ${value}\n`).join('')
    const rest = `depth{name="x"} 5\nopen{verb="WATCH",resource="secrets"} 5000\n`
    const before = `${rest}${open(1)}${others}sent_total{kind="Pod"} 1\n`
    const after = `${rest}${open(1)}${others}sent_total{kind="Pod"} 9000\n`
    expect(stepsFor({ metricsBefore: before, metrics: after })).toBe(1)
    expect(stepsFor({ metrics: after })).toBe(2)
    expect(stepsFor({ metrics: `${rest}${open(5000)}${others}` })).toBe(3)
  })

  test('a step does not ask for what the process never counted', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      remedy: [{ en: 'Do it.', zh: '照做。' }],
      next: [
        {
          what: { en: 'Again', zh: '重试' },
          metric: 'sum by (name) (rate(workqueue_retries_total[5m]))',
        },
      ],
    })
    const stepsFor = (retries: number) => {
      const inputs = [{ path: 'cpu', profile: PROFILE }]
      const metrics = `workqueue_retries_total{name="a"} ${retries}\n`
      return itemOf(diagnose(inputs, ruleSet, { language: 'en', metrics }).findings).next.length
    }
    expect([stepsFor(5), stepsFor(0)]).toEqual([1, 0])
  })

  test('a step does not print callers that the evidence names', () => {
    const { ruleSet } = makeRule({
      ...RULE,
      callers: true,
      remedy: [{ en: 'Do it.', zh: '照做。' }],
      next: [{ what: { en: 'Who', zh: '谁' }, command: "kubeprof pprof -peek 'a' cpu.pb.gz" }],
    })
    const stepsFor = (callers: readonly string[]) => {
      const stacks = callers.map((caller) => `main.main; ${caller}; a 300`).join('\n')
      const inputs = [{ path: 'cpu', profile: cpuProfile(stacks) }]
      return itemOf(diagnose(inputs, ruleSet, { language: 'en' }).findings).next.length
    }
    expect(stepsFor(['example.com/shop.sync', 'main.read'])).toBe(0)
    expect(stepsFor(Array.from({ length: 9 }, (_, row) => `example.com/shop${row}.sync`))).toBe(1)
  })

  test('the port of a kube-apiserver is that of its client of itself', () => {
    const advice = { en: 'It answers at {address}.' }
    const server = 'apiserver_longrunning_requests{verb="WATCH"} 9\n'
    const said = (metrics: string) => adviceFor({ metrics, component: 'kube-apiserver' }, advice)
    const usual = ['It answers at ${ADDRESS:-127.0.0.1:6443}.']
    expect(said(server + pageOf('[::1]:7443', 'hook.test.svc:443'))).toEqual([
      'It answers at [::1]:7443.',
    ])
    expect(said(server + pageOf('127.0.0.1:6443', '127.0.0.1:6444'))).toEqual(usual)
    expect(said(pageOf('127.0.0.1:7443'))).toEqual(usual)
  })

  test('how it was captured decides, and is filled in', () => {
    const advice = { when: 'scheme == http', en: 'It answers at {address} without TLS.' }
    expect(adviceFor({ address: 'http://10.0.0.9:10251' }, advice)).toEqual([
      'It answers at 10.0.0.9:10251 without TLS.',
    ])
    expect(adviceFor({ address: 'https://10.0.0.9:10251' }, advice)).toEqual([])
  })
})

test('remarks and next steps depend on the same conditions', () => {
  const when = 'kubernetes < 1.31'
  const { ruleSet } = makeRule({
    ...RULE,
    remarks: [{ when, en: 'Old.', zh: '旧。' }],
    next: [{ when, what: { en: 'Look', zh: '看' }, log: '"List etcd3"' }],
  })
  const findingFor = (kubernetesVersion: string | null) => {
    const inputs = [{ path: 'cpu', profile: PROFILE, kubernetesVersion }]
    return itemOf(diagnose(inputs, ruleSet, { language: 'en' }).findings)
  }
  const remarksOf = (version: string | null) =>
    findingFor(version).evidence.flatMap(({ kind, text }) => (kind === 'limits' ? [text] : []))
  expect(remarksOf('v1.30.1')).toEqual(['Old.'])
  expect(remarksOf('v1.31.1')).toEqual([])
  expect(findingFor('v1.31.1').next).toEqual([])
  expect(findingFor(null).next).toEqual([{ what: 'Up to v1.30: Look', log: '"List etcd3"' }])
})

test('a line of the log is looked for once, for all that it tells', () => {
  const line = '"HTTP" userAgent="..."'
  const { ruleSet } = makeRule({
    ...RULE,
    next: [
      { what: { en: 'Who asks', zh: '谁' }, log: line },
      { what: { en: 'How fast it is', zh: '多快' }, log: '"took"' },
      { what: { en: 'How much', zh: '多少' }, log: line },
      { what: { en: 'Who asks', zh: '谁' }, log: line },
    ],
  })
  const inputs = [{ path: 'cpu', profile: PROFILE }]
  expect(itemOf(diagnose(inputs, ruleSet, { language: 'en' }).findings).next).toEqual([
    { what: 'Who asks; How much', log: line },
    { what: 'How fast it is', log: '"took"' },
  ])
})

test.each([
  ['kubernetes > 1.31', 'must be compared as "kubernetes < 1.31"'],
  ['kubernetes >= soon', '"soon" is neither known'],
  ['etcd >= 3', 'must be compared as'],
  ['component >= kubelet', 'must be compared as "component == WORD"'],
  ['shares > 0.5', '"shares" is neither known'],
  ['kubernets < 1.31', '"kubernets" is neither known'],
  ['share >', 'at the end'],
])('the condition %s is refused', (when, message) => {
  const { faults } = makeRules({ ...RULE, remedy: [{ when, en: 'x', zh: '某' }] })
  expect(faults.map((fault) => [fault.path, fault.message])).toEqual([
    [['remedy', 0, 'when'], expect.stringContaining(message)],
  ])
})

test('an address is asked for since when advice holds', () => {
  const remedy = [{ when: 'go < 1.26', since: 'the release notes', en: 'x', zh: '某' }]
  const { faults } = makeRules({ ...RULE, remedy })
  expect(faults.map(({ path }) => path)).toEqual([['remedy', 0, 'since']])
})

/** What a rule advises beside another one, which looks for `other`. */
function saidBeside(remedy: readonly object[], ...other: readonly string[]) {
  const advised = remedy.map((each) => ({ en: 'Do it.', zh: '照做。', ...each }))
  const ruleSet = makeRules(
    { ...RULE, id: 'x.one', remedy: advised },
    { ...RULE, id: 'x.other', where: { any: other } },
  )
  const { findings } = diagnose([{ path: 'cpu', profile: PROFILE }], ruleSet, { language: 'en' })
  return findings.find(({ rule }) => rule === 'x.one')?.remedy
}

describe('advice that another rule decides about', () => {
  test('is left out where that rule has a finding', () => {
    expect(saidBeside([{ notFound: 'x.other' }], 'b')).toEqual([])
    expect(saidBeside([{ notFound: 'x.other' }], 'c')).toEqual(['Do it.'])
  })

  test('is left out where that rule has none', () => {
    expect(saidBeside([{ found: 'x.other' }], 'b')).toEqual(['Do it.'])
    expect(saidBeside([{ found: 'x.other' }], 'c')).toEqual([])
  })

  test('is not printed where it is for the page of the rule', () => {
    expect(saidBeside([{ onPage: true, en: 'Rarely.' }, {}], 'b')).toEqual(['Do it.'])
  })
})
