import { expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

/** What a rule advises for these stacks of ten seconds, with values of a page before and after them. */
function advised(
  rule: string,
  stacks: string,
  values: Readonly<Record<string, readonly [number, number]>>,
  component = 'kube-controller-manager',
) {
  const page = (which: 0 | 1) =>
    Object.entries(values)
      .map(([name, pair]) => `${name} ${pair[which]}\n`)
      .join('') + 'process_start_time_seconds 1\n'
  const profile = cpuProfile(`${stacks}\nruntime.mcall 30`, 10)
  return diagnose(
    [{ path: 'cpu.pb.gz', profile, component, kubernetesVersion: '1.32.9' }],
    ruleSet,
    { language: 'en', metricsBefore: page(0), metrics: page(1) },
  )
    .findings.filter((finding) => finding.rule === rule)
    .flatMap((finding) => finding.remedy)
    .join('\n')
}

const SYNCED = 'k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).syncService 300'

/** What is advised for syncs of Services, as many in ten seconds, which have slices of so many addresses. */
const ofServices = (syncs: number, slices: number, addresses: number, updates: number) =>
  advised('kcm.endpoints-syncs', SYNCED, {
    'workqueue_work_duration_seconds_count{name="endpoint_slice"}': [0, syncs],
    endpoint_slice_controller_num_endpoint_slices: [slices, slices],
    endpoint_slice_controller_endpoints_desired: [addresses, addresses],
    'endpoint_slice_controller_changes{operation="update"}': [0, updates],
    endpoint_slice_controller_endpoints_added_per_sync_sum: [0, 100],
  })

test('one large Service, whose slices each sync writes, shares its pods with no other', () => {
  expect(ofServices(40, 5, 500, 190)).not.toContain('several Services select the same pods')
  expect(ofServices(40, 75, 7500, 120)).toMatch(/^Where several Services select the same pods/)
})

test('small Services that are synced each few seconds have nothing to gather', () => {
  expect(ofServices(40, 60, 120, 40)).not.toMatch(/batch-period|several Services/)
  expect(ofServices(40, 5, 500, 190)).toContain('--endpointslice-updates-batch-period=500ms')
})
