import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'
import { saidTo } from '../said-to-server.ts'

const { ruleSet } = await loadRules()

/** What a rule says of a scheduler whose CPU time is these stacks, in ten seconds, while its counters grow by these numbers. */
function saidOf(rule: string, stacks: string, growth: Readonly<Record<string, number>> = {}) {
  const page = (factor: number) =>
    Object.entries(growth)
      .map(([name, value]) => `${name} ${value * factor}\n`)
      .join('') + 'process_start_time_seconds 1\n'
  const profile = cpuProfile(`${stacks}\nruntime.mcall 30`, 10)
  const finding = diagnose(
    [{ path: 'cpu.pb.gz', profile, component: 'kube-scheduler', kubernetesVersion: '1.30.4' }],
    ruleSet,
    { language: 'en', metricsBefore: page(0), metrics: page(1) },
  ).findings.find((each) => each.rule === rule)
  return {
    level: finding?.level,
    remedy: finding?.remedy ?? [],
    next: JSON.stringify(finding?.next ?? []),
    evidence: finding?.evidence.map(({ text }) => text).join('\n') ?? '',
  }
}

const PLUGINS = 'k8s.io/kubernetes/pkg/scheduler/framework/plugins'
const AFFINITY = `${PLUGINS}/interpodaffinity.(*InterPodAffinity)`
const PARALLEL = 'k8s.io/client-go/util/workqueue.ParallelizeUntil.func1'
const SCORED = `${PARALLEL}; ${AFFINITY}.PreScore.func1; ${AFFINITY}.processExistingPod`
const INCOMING = `${PARALLEL}; ${AFFINITY}.getIncomingAffinityAntiAffinityCounts.func1`
const EXISTING = `${PARALLEL}; ${AFFINITY}.getExistingAntiAffinityCounts.func1`

test('terms by which nodes are scored are told apart from those that must hold', () => {
  const { evidence, remedy } = saidOf(
    'scheduler.interpod-affinity',
    `${SCORED} 60\n${INCOMING} 30\n${EXISTING} 10`,
  )
  expect(evidence).toContain('required terms of the pods that come: 30% of it')
  expect(evidence).toContain('required anti-affinity of the pods that run: 10% of it')
  expect(evidence).toContain('terms by which nodes are scored, preferred ones above all: 60% of it')
  expect(remedy[0]).toContain('ScheduleAnyway')
  expect(remedy[1]).toContain('instead of podAntiAffinity')
})

test('where nodes are scored alone, nothing is said of what forbids a second pod', () => {
  const { remedy } = saidOf('scheduler.interpod-affinity', `${SCORED} 100`)
  expect(remedy[0]).toContain('ScheduleAnyway')
  expect(remedy.join('\n')).not.toMatch(/instead of podAntiAffinity|that they do not need/)
  expect(remedy.join('\n')).not.toContain('ignorePreferredTermsOfExistingPods')
})

test('terms of pods that run are not ignored for pods that have terms themselves', () => {
  const { remedy } = saidOf('scheduler.interpod-affinity', `${SCORED} 60\n${INCOMING} 40`)
  expect(remedy.join('\n')).not.toContain('ignorePreferredTermsOfExistingPods')
})

test('pods that keep others away are given a namespace of their own', () => {
  const { remedy } = saidOf('scheduler.interpod-affinity', `${EXISTING} 100`)
  expect(remedy.join('\n')).toContain('a namespace of their own')
  expect(remedy.join('\n')).not.toMatch(/ScheduleAnyway|more namespaces than it must/)
})

const LOOP = 'scheduler_scheduling_algorithm_duration_seconds_sum'
const WAITED = 'scheduler_pod_scheduling_sli_duration_seconds'

const levelOfLoop = (seconds: number) =>
  saidOf('scheduler.interpod-affinity', `${SCORED} 110`, { [LOOP]: seconds }).level
const levelOfWait = (seconds: number) =>
  saidOf('scheduler.interpod-affinity', `${SCORED} 600`, {
    [`${WAITED}_sum`]: seconds * 100,
    [`${WAITED}_count`]: 100,
  }).level

test('a loop that is taken nearly all of the time is a warning, however few cores it uses', () => {
  expect(levelOfLoop(9.5)).toBe('warning')
  expect(levelOfLoop(5)).toBe('info')
})

test('it is no incident while pods are placed within a second', () => {
  expect(levelOfWait(0.1)).toBe('warning')
  expect(levelOfWait(8)).toBe('critical')
})

const DEVICES = `${PLUGINS}/dynamicresources.(*DynamicResources).Filter`
const EVALUATED = `${DEVICES}; k8s.io/dynamic-resource-allocation/cel.CompilationResult.DeviceMatches; github.com/google/cel-go/cel.(*prog).ContextEval`
const PLUGIN_COST = 'scheduler.plugin-cost'

test('expressions of claims for devices are named, and their plugin is not switched off', () => {
  const { remedy } = saidOf(PLUGIN_COST, `${EVALUATED} 80\n${DEVICES} 20`)
  expect(remedy[0]).toMatch(/^80% of it evaluates CEL expressions/)
  expect(remedy.join('\n')).toContain('Where few of the nodes have what pods claim')
  expect(remedy.join('\n')).not.toContain('disable the plugin')
})

test('devices that are found without expressions are no matter of expressions', () => {
  const { remedy } = saidOf(PLUGIN_COST, `${DEVICES} 100`)
  expect(remedy.join('\n')).not.toContain('CEL')
  expect(
    saidOf(PLUGIN_COST, `${PLUGINS}/nodeports.(*NodePorts).Filter 100`).remedy.join('\n'),
  ).not.toContain('claim')
})

test('what a plugin looks through is said before fewer nodes are', () => {
  const found = `${PLUGINS}/volumebinding.(*VolumeBinding).Filter; k8s.io/component-helpers/storage/volume.FindMatchingVolume 100`
  const { remedy } = saidOf(PLUGIN_COST, found)
  expect(remedy.map((each) => /volumes|percentageOfNodesToScore/.exec(each)?.[0])).toEqual([
    'volumes',
    'percentageOfNodesToScore',
  ])
})

const MOVED =
  'k8s.io/kubernetes/pkg/scheduler/internal/queue.(*PriorityQueue).MoveAllToActiveOrBackoffQueue 100'
const PREEMPTED =
  'k8s.io/kubernetes/pkg/scheduler/framework/preemption.(*Evaluator).DryRunPreemption 100'
const WHICH = 'Which pods wait, by owner'
const waiting = (pods: number) => ({ 'scheduler_pending_pods{queue="unschedulable"}': pods })

test('pods that fit nowhere can be looked up, also where it is known what refuses them', () => {
  const refused = { 'scheduler_unschedulable_pods{plugin="NodeResourcesFit"}': 40 }
  expect(saidOf('scheduler.preemption', PREEMPTED, refused).next).toContain(WHICH)
  expect(saidOf('scheduler.queue-moves', MOVED, waiting(40)).next).toContain(WHICH)
  expect(saidOf('scheduler.queue-moves', MOVED, waiting(0)).next).not.toContain(WHICH)
})

/** What is said where Nodes change and pods are tried again, on a page of a process whose own audit records nothing. */
const moved = (component: string) =>
  saidTo({
    rule: 'scheduler.queue-moves',
    component,
    stacks:
      'k8s.io/kubernetes/pkg/scheduler.(*Scheduler).updateNodeInCache; k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue).MoveAllToActiveOrBackoffQueue 300',
    pages: {
      apiserver_audit_event_total: [0, 0],
      'scheduler_event_handling_duration_seconds_count{event="NodeUpdateNodeAllocatable"}': [
        0, 300,
      ],
    },
  })

test('what a scheduler counts of its own audit says nothing of that of the API server', () => {
  expect(moved('kube-scheduler')).toMatch(/audit\.log/)
  expect(moved('kube-scheduler')).not.toMatch(/no audit events/)
})
